// Owns the HTTP/1.1 response of the daemon: status, framing, body.
// SPDX-License-Identifier: BSD-3-Clause
#include "http.h"

#include <string.h>
#include <strings.h>

#define NO_CONTENT 204
#define VERSION "HTTP/1.1 "

struct line {
    const char *at;
    size_t length;
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// RFC 9112 §4. Statuses below 200 are interim: nothing in the contract sends one.
static bool status_line(struct line line, int *status) {
    size_t from = strlen(VERSION);
    if (line.length < from + 3 || memcmp(line.at, VERSION, from) != 0)
        return false;
    const char *code = line.at + from;
    if (!is_digit(code[0]) || !is_digit(code[1]) || !is_digit(code[2]))
        return false;
    if (line.length > from + 3 && code[3] != ' ')
        return false;
    *status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
    return *status >= 200 && *status <= 599;
}

// RFC 9110 §5.6.2
static bool is_token(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_named(struct line name, const char *expected) {
    return name.length == strlen(expected) && strncasecmp(name.at, expected, name.length) == 0;
}

static bool content_length(struct line value, size_t *length) {
    if (value.length == 0 || value.length > 6)
        return false;
    *length = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (!is_digit(value.at[i]))
            return false;
        *length = *length * 10 + (size_t)(value.at[i] - '0');
    }
    return *length <= HTTP_RESPONSE_MOST;
}

static struct line trimmed(struct line line) {
    while (line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t')) {
        line.at++;
        line.length--;
    }
    while (line.length > 0 && (line.at[line.length - 1] == ' ' || line.at[line.length - 1] == '\t'))
        line.length--;
    return line;
}

struct framing {
    bool measured;
    bool closing;
    size_t length;
};

// A list of options (RFC 9110 §7.6.1).
static bool lists_close(struct line value) {
    for (size_t from = 0, end; from <= value.length; from = end + 1) {
        for (end = from; end < value.length && value.at[end] != ',';)
            end++;
        if (is_named(trimmed((struct line){value.at + from, end - from}), "close"))
            return true;
    }
    return false;
}

static bool field_line(struct line line, struct framing *framing) {
    size_t name = 0;
    while (name < line.length && is_token(line.at[name]))
        name++;
    if (name == 0 || name == line.length || line.at[name] != ':')
        return false;
    struct line key = {line.at, name};
    struct line value = trimmed((struct line){line.at + name + 1, line.length - name - 1});
    if (is_named(key, "transfer-encoding"))
        return false;
    if (is_named(key, "connection"))
        framing->closing = framing->closing || lists_close(value);
    if (!is_named(key, "content-length"))
        return true;
    if (framing->measured || !content_length(value, &framing->length))
        return false;
    framing->measured = true;
    return true;
}

// One line without its CR LF. Any other control character in it, a lone CR or LF too, makes it malformed.
static enum http_state next_line(const char *bytes, size_t length, size_t *at, struct line *line) {
    line->at = bytes + *at;
    for (size_t i = *at; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\r') {
            if (i + 1 == length)
                return HTTP_INCOMPLETE;
            if (bytes[i + 1] != '\n')
                return HTTP_MALFORMED;
            line->length = i - *at;
            *at = i + 2;
            return HTTP_COMPLETE;
        }
        if (i >= HTTP_HEAD_MOST || (c < 0x20 && c != '\t') || c == 0x7F)
            return HTTP_MALFORMED;
    }
    return HTTP_INCOMPLETE;
}

enum http_state http_read(const char *bytes, size_t length, struct http_response *response) {
    size_t at = 0;
    struct line line;
    enum http_state state = next_line(bytes, length, &at, &line);
    if (state != HTTP_COMPLETE)
        return state;
    if (!status_line(line, &response->status))
        return HTTP_MALFORMED;
    struct framing framing = {0};
    for (;;) {
        state = next_line(bytes, length, &at, &line);
        if (state != HTTP_COMPLETE)
            return state;
        if (line.length == 0)
            break;
        if (!field_line(line, &framing))
            return HTTP_MALFORMED;
    }
    if (response->status == NO_CONTENT ? framing.length > 0 : !framing.measured)
        return HTTP_MALFORMED;
    if (length - at > framing.length || at + framing.length > HTTP_RESPONSE_MOST)
        return HTTP_MALFORMED;
    response->closing = framing.closing;
    response->body_start = at;
    response->body_length = framing.length;
    return length - at == framing.length ? HTTP_COMPLETE : HTTP_INCOMPLETE;
}
