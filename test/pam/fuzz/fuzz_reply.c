// Owns the fuzzing of everything that reads the daemon's bytes: HTTP, JSON, the members, what is shown of
// them. SPDX-License-Identifier: BSD-3-Clause
#include "code.h"
#include "reply.h"
#include "text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            __builtin_trap();                                                                                \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Whatever comes in, what goes to a terminal is UTF-8 without anything a terminal obeys.
static void check_shown(const char *text) {
    if (text == NULL)
        return;
    MUST(text_is_utf8(text, strlen(text)));
    char *shown = strdup(text);
    text_make_printable(shown);
    MUST(text_is_utf8(shown, strlen(shown)));
    for (const char *at = shown; *at != '\0'; at++)
        MUST(((unsigned char)*at >= 0x20 || *at == '\n') && *at != 0x7F);
    char *flipped = text_flipped_blocks(shown);
    char *back = text_flipped_blocks(flipped);
    MUST(strcmp(shown, back) == 0);
    text_forget(back);
    text_forget(flipped);
    text_forget(shown);
}

static void check_code(const char *text) {
    int codes;
    if (text != NULL)
        MUST(code_kind(text, false, &codes) != CODE_EMERGENCY);
}

static void check_members(const struct reply *reply) {
    static const char *const names[] = {"outcome", "user",   "because", "enrolBy", "account",  "issuer",
                                        "secret",  "qrText", "sentTo",  "detail",  "hint",     "code",
                                        "notice",  "form",   "state",   "login",   "validFor", "retryAfter"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check_shown(reply_string(reply, names[i]));
        check_code(reply_string(reply, names[i]));
        MUST(reply_seconds(reply, names[i]) >= 0);
    }
    check_shown(reply_explanation(reply));
    reply_lists(reply, "methods", "totp");
    char login[REPLY_LOGIN_SIZE];
    if (reply_login(reply, login))
        MUST(strlen(login) == REPLY_LOGIN_SIZE - 1);
    MUST(!(reply_is(reply, "outcome", "allow") && reply_is(reply, "outcome", "deny")));
}

// The bytes arrive in two pieces, as they may over a socket; where they are cut must make no difference.
static enum http_state read_in_pieces(struct reply *reply, const uint8_t *data, size_t size, size_t cut) {
    memcpy(reply->bytes, data, cut);
    reply->length = cut;
    enum http_state state = cut < size ? reply_read(reply) : HTTP_INCOMPLETE;
    if (state != HTTP_INCOMPLETE)
        return state;
    memcpy(reply->bytes + cut, data + cut, size - cut);
    reply->length = size;
    return reply_read(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > HTTP_RESPONSE_MOST)
        return 0;
    struct reply *reply = reply_new();
    MUST(reply != NULL);
    if (read_in_pieces(reply, data, size, size == 0 ? 0 : data[size - 1] % size) == HTTP_COMPLETE) {
        MUST(reply->status >= 200 && reply->status <= 599);
        check_members(reply);
    }
    reply_free(reply);
    // The JSON reader also without an envelope, which few mutations get right.
    char *text = malloc(size + 1);
    MUST(text != NULL);
    memcpy(text, data, size);
    struct json *document = calloc(1, sizeof *document);
    MUST(document != NULL);
    if (json_parse(document, text, size)) {
        MUST(document->count > 0 && document->tokens[0].next == document->count);
        check_shown(json_string(document, 0));
        json_member(document, 0, "outcome");
    }
    free(document);
    free(text);
    return 0;
}
