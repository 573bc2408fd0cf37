// Owns what is asked of the daemon: a JSON object of strings and numbers, and the HTTP request around it.
// SPDX-License-Identifier: BSD-3-Clause
#include "request.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

static void add(struct request *request, const char *text, size_t length) {
    if (length > REQUEST_MOST - request->length) {
        request->sound = false;
        return;
    }
    memcpy(request->body + request->length, text, length);
    request->length += length;
}

static void add_name(struct request *request, const char *name) {
    add(request, request->length == 0 ? "{\"" : ",\"", 2);
    add(request, name, strlen(name));
    add(request, "\":", 2);
}

void request_start(struct request *request, const char *path) {
    request->path = path;
    request->length = 0;
    request->sound = true;
    request->patience = 0;
}

void request_text(struct request *request, const char *name, const char *value) {
    static const char hexadecimal[] = "0123456789abcdef";
    if (!text_is_utf8(value, strlen(value))) {
        request->sound = false;
        return;
    }
    add_name(request, name);
    add(request, "\"", 1);
    for (const char *at = value; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c == '"' || c == '\\') {
            char escape[] = {'\\', 'u', '0', '0', hexadecimal[c >> 4], hexadecimal[c & 0x0F]};
            add(request, escape, sizeof escape);
        } else {
            add(request, at, 1);
        }
    }
    add(request, "\"", 1);
}

void request_number(struct request *request, const char *name, unsigned long value) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lu", value);
    add_name(request, name);
    add(request, digits, (size_t)length);
}

size_t request_write(const struct request *request, char *to, size_t most) {
    // The brace that closes the document comes on the way, so that a request can be written twice.
    size_t length = request->length + 1;
    if (!request->sound || length > REQUEST_MOST)
        return 0;
    int head = snprintf(to, most,
                        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        request->path, length);
    if (head < 0 || (size_t)head > most || length > most - (size_t)head)
        return 0;
    memcpy(to + head, request->body, request->length);
    to[(size_t)head + request->length] = '}';
    return (size_t)head + length;
}

void request_forget(struct request *request) {
    explicit_bzero(request, sizeof *request);
}
