// Owns enrolling in a terminal, during a login that requires it.
// SPDX-License-Identifier: BSD-3-Clause
#include "enrol.h"

#include "code.h"
#include "deadline.h"
#include "refusal.h"
#include "second_step.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define ENROL "/v1/login/enrol"
#define CONFIRM "/v1/login/enrol/confirm"
#define ASK_AGAIN (-2)

// In groups of four, as people read a key aloud and type it.
static char *grouped(const char *secret) {
    size_t length = strlen(secret);
    char *groups = malloc(length + length / 4 + 1);
    char *to = groups;
    for (size_t i = 0; groups != NULL && i < length; i++) {
        if (i > 0 && i % 4 == 0)
            *to++ = ' ';
        *to++ = secret[i];
    }
    if (groups != NULL)
        *to = '\0';
    return groups;
}

static void show_picture(const struct talk *talk, const char *picture, bool flipped) {
    char *other = flipped ? text_flipped_blocks(picture) : NULL;
    talk_show(talk, other == NULL ? picture : other);
    text_forget(other);
}

static void show_key(const struct talk *talk, const struct reply *offer) {
    char *key = grouped(reply_string(offer, "secret"));
    talk_say(talk, SAY_FLIP, NULL, NULL);
    talk_say(talk, SAY_ACCOUNT, reply_string(offer, "account"), reply_string(offer, "issuer"));
    talk_say(talk, SAY_KEY, key, NULL);
    text_forget(key);
}

static int show_recovery_codes(const struct talk *talk, const struct reply *reply) {
    const struct json *document = &reply->document;
    int codes = json_member(document, 0, "recoveryCodes");
    int item = json_first(document, codes);
    talk_say(talk, SAY_ENROLLED, NULL, NULL);
    if (item == JSON_NONE)
        return PAM_SUCCESS;
    talk_say(talk, SAY_RECOVERY_CODES, NULL, NULL);
    for (; item != JSON_NONE; item = json_after(document, codes, item))
        talk_show(talk, json_string(document, item));
    return talk_pause(talk, ASK_RECOVERY_CODES_NOTED);
}

static int confirmed(struct login *login, const struct reply *reply, int *refused, moment *held_until) {
    const struct talk *talk = &login->talk;
    if (reply->status == STATUS_OK) {
        if (!login_let_in(reply, "accepted"))
            return login_unexpected(login, CONFIRM, reply);
        return show_recovery_codes(talk, reply);
    }
    bool is_refusal = reply->status == STATUS_FORBIDDEN && reply_is(reply, "outcome", "refused");
    bool is_wait = reply->status == STATUS_TOO_MANY && reply_is(reply, "outcome", "wait");
    if (is_refusal) {
        refusal_say(login, reply);
        if (reply_is(reply, "because", "login-changed"))
            return PAM_AUTH_ERR;
        if (++*refused >= TRIES_MOST) {
            talk_warn(talk, SAY_TOO_MANY, NULL, NULL);
            return PAM_AUTH_ERR;
        }
    } else if (reply->status == STATUS_BAD_REQUEST && reply_is(reply, "code", "malformed-code")) {
        talk_warn(talk, SAY_SIX_DIGITS, NULL, NULL);
        return ASK_AGAIN;
    } else if (!is_wait) {
        return login_unexpected(login, CONFIRM, reply);
    }
    int wait = reply_seconds(reply, "retryAfter");
    if (wait > 0)
        talk_say_number(talk, SAY_WAIT, wait);
    *held_until = moment_now() + (moment)(wait > HELD_WAIT_MOST ? HELD_WAIT_MOST : wait) * 1000;
    return ASK_AGAIN;
}

static int confirm(struct login *login, const char *typed, int *refused, moment *held_until) {
    struct reply *reply = reply_new();
    if (reply == NULL)
        return PAM_BUF_ERR;
    moment_sleep_until(*held_until);
    struct request request;
    login_request(login, &request, CONFIRM);
    request_text(&request, "code", typed);
    int result = login_exchange(login, &request, reply);
    if (result == PAM_SUCCESS)
        result = confirmed(login, reply, refused, held_until);
    reply_free(reply);
    return result;
}

static int ask_for_first_code(struct login *login, const char *picture) {
    const struct talk *talk = &login->talk;
    bool flipped = false;
    int refused = 0;
    moment held_until = moment_now();
    int result = ASK_AGAIN;
    for (int asked = 0; result == ASK_AGAIN && asked < QUESTIONS_MOST; asked++) {
        char *typed;
        int codes;
        result = talk_ask(talk, ASK_FIRST_CODE, &typed);
        if (result != PAM_SUCCESS)
            break;
        enum code_kind kind = code_kind(typed, false, &codes);
        if (kind == CODE_WORD_FLIP) {
            flipped = !flipped;
            talk_say(talk, SAY_ENROL, NULL, NULL);
            show_picture(talk, picture, flipped);
            result = ASK_AGAIN;
        } else if (kind != CODE_TOTP) {
            talk_warn(talk, SAY_SIX_DIGITS, NULL, NULL);
            result = ASK_AGAIN;
        } else {
            result = confirm(login, typed, &refused, &held_until);
        }
        text_forget(typed);
    }
    if (result != ASK_AGAIN)
        return result;
    talk_warn(talk, SAY_TOO_MANY, NULL, NULL);
    return PAM_AUTH_ERR;
}

static int offered(struct login *login, const struct reply *offer) {
    const struct talk *talk = &login->talk;
    if (offer->status == STATUS_FORBIDDEN && reply_is(offer, "outcome", "refused")) {
        talk_warn(talk, SAY_ENROL_REFUSED, NULL, NULL);
        return PAM_AUTH_ERR;
    }
    const char *picture = reply_string(offer, "qrText");
    if (offer->status != STATUS_CREATED || picture == NULL || reply_string(offer, "secret") == NULL)
        return login_unexpected(login, ENROL, offer);
    talk_say(talk, SAY_ENROL, NULL, NULL);
    show_picture(talk, picture, false);
    show_key(talk, offer);
    return ask_for_first_code(login, picture);
}

int enrol_run(struct login *login) {
    struct reply *offer = reply_new();
    if (offer == NULL)
        return PAM_BUF_ERR;
    struct request request;
    login_request(login, &request, ENROL);
    int result = login_exchange(login, &request, offer);
    if (result == PAM_SUCCESS)
        result = offered(login, offer);
    reply_free(offer);
    return result;
}
