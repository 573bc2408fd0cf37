// Owns an answer of the daemon as the dialogues see it: a status, and the members of its document.
// SPDX-License-Identifier: BSD-3-Clause
#include "reply.h"

#include <stdlib.h>
#include <string.h>

enum http_state reply_read(struct reply *reply) {
    struct http_response response;
    enum http_state state = http_read(reply->bytes, reply->length, &response);
    if (state != HTTP_COMPLETE)
        return state;
    reply->status = response.status;
    reply->closing = response.closing;
    reply->has_document =
        json_parse(&reply->document, reply->bytes + response.body_start, response.body_length) &&
        reply->document.tokens[0].kind == JSON_OBJECT;
    return HTTP_COMPLETE;
}

static int member(const struct reply *reply, const char *name) {
    return reply->has_document ? json_member(&reply->document, 0, name) : JSON_NONE;
}

const char *reply_string(const struct reply *reply, const char *name) {
    return json_string(&reply->document, member(reply, name));
}

bool reply_is(const struct reply *reply, const char *name, const char *text) {
    return json_is(&reply->document, member(reply, name), text);
}

bool reply_lists(const struct reply *reply, const char *name, const char *text) {
    int array = member(reply, name);
    for (int item = json_first(&reply->document, array); item != JSON_NONE;
         item = json_after(&reply->document, array, item))
        if (json_is(&reply->document, item, text))
            return true;
    return false;
}

int reply_seconds(const struct reply *reply, const char *name) {
    int seconds = json_whole(&reply->document, member(reply, name));
    return seconds == JSON_NONE ? 0 : seconds;
}

const char *reply_explanation(const struct reply *reply) {
    const struct json *document = &reply->document;
    return json_string(document, json_member(document, member(reply, "explanation"), "text"));
}

bool reply_login(const struct reply *reply, char login[REPLY_LOGIN_SIZE]) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *given = reply_string(reply, "login");
    if (given == NULL || strlen(given) != REPLY_LOGIN_SIZE - 1 ||
        strspn(given, alphabet) != REPLY_LOGIN_SIZE - 1)
        return false;
    memcpy(login, given, REPLY_LOGIN_SIZE);
    return true;
}

struct reply *reply_new(void) {
    return calloc(1, sizeof(struct reply));
}

void reply_free(struct reply *reply) {
    if (reply == NULL)
        return;
    explicit_bzero(reply, sizeof *reply);
    free(reply);
}
