// Owns the second step: asking for a code until one is accepted or three were refused.
// SPDX-License-Identifier: BSD-3-Clause
#include "second_step.h"

#include "code.h"
#include "deadline.h"
#include "emergency_mail.h"
#include "refusal.h"
#include "text.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define ANSWER "/v1/login/answer"
#define CODES_MOST 3
// On a board that has lost the time the daemon looks for three codes through the 90 days that may have passed: in
// less than a second on most, in some on the slowest, which others may keep busy.
#define SEARCH_SECONDS 30
// As much as the daemon takes as a code.
#define TYPED_MOST 128

struct step {
    struct login *login;
    // How many one-time passwords in a row are needed: 1, 2 or 3.
    int needed;
    bool totp;
    bool recovery;
    bool mail;
    bool mailed;
    int refused;
    // Until when a one-time password has to wait.
    moment held_until;
    int wait;
};

// No result of PAM, and not LOGIN_FORGOTTEN: the person is asked again.
#define ASK_AGAIN (-2)

static int needed_codes(const struct reply *reply) {
    return reply_is(reply, "form", "triple") ? 3 : reply_is(reply, "form", "pair") ? 2 : 1;
}

static void note_wait(struct step *step, const struct reply *reply) {
    step->wait = reply_seconds(reply, "retryAfter");
    step->held_until = moment_now() + (moment)step->wait * 1000;
    if (step->wait > 0 && step->totp)
        talk_say_number(&step->login->talk, step->wait > HELD_WAIT_MOST ? SAY_LONG_WAIT : SAY_WAIT,
                        step->wait);
}

static void note_form(struct step *step, const struct reply *reply) {
    int before = step->needed;
    step->needed = needed_codes(reply);
    if (step->needed > before)
        talk_say(&step->login->talk, step->needed == 2 ? SAY_PAIR : SAY_TRIPLE, NULL, NULL);
}

static enum word question(const struct step *step) {
    if (step->mailed)
        return ASK_MAILED_CODE;
    if (step->totp && step->needed > 1)
        return step->needed == 2 ? ASK_PAIR : ASK_TRIPLE;
    static const enum word words_by_way[2][2][2] = {
        {{ASK_MAIL, ASK_MAIL}, {ASK_RECOVERY, ASK_RECOVERY_OR_MAIL}},
        {{ASK_CODE, ASK_CODE_OR_MAIL}, {ASK_CODE_OR_RECOVERY, ASK_CODE_RECOVERY_OR_MAIL}},
    };
    return words_by_way[step->totp][step->recovery][step->mail];
}

// The codes that are still missing of a pair or a triple, each in its own question. `typed` is replaced by
// all of them in one line.
static int complete(const struct step *step, char **typed, int have) {
    while (have < step->needed) {
        char *next;
        int codes;
        int result = talk_ask(&step->login->talk, ASK_NEXT_CODE, &next);
        if (result != PAM_SUCCESS)
            return result;
        size_t room = strlen(*typed) + strlen(next) + 2;
        char *joined = malloc(room);
        if (joined != NULL)
            snprintf(joined, room, "%s %s", *typed, next);
        bool fits = code_kind(next, false, &codes) == CODE_TOTP && codes > 0;
        text_forget(next);
        text_forget(*typed);
        *typed = joined;
        if (joined == NULL)
            return PAM_BUF_ERR;
        // What is no one-time password goes along, and the daemon says what is wrong with the whole.
        have += fits ? codes : step->needed;
    }
    return PAM_SUCCESS;
}

static int out_of_tries(const struct login *login) {
    talk_warn(&login->talk, SAY_TOO_MANY, NULL, NULL);
    pam_syslog(login->pamh, LOG_NOTICE, "'%s': the second factor failed", login->user);
    return PAM_AUTH_ERR;
}

static int refused(struct step *step, const struct reply *reply) {
    refusal_say(step->login, reply);
    if (reply_is(reply, "because", "login-changed"))
        return PAM_AUTH_ERR;
    if (reply_is(reply, "because", "totp-suspended"))
        step->totp = false;
    if (!reply_is(reply, "because", "form-required") && ++step->refused >= TRIES_MOST) {
        return out_of_tries(step->login);
    }
    note_form(step, reply);
    note_wait(step, reply);
    return ASK_AGAIN;
}

static int judged(struct step *step, const struct reply *reply) {
    const struct login *login = step->login;
    switch (reply->status) {
    case STATUS_OK:
        if (!login_let_in(reply, "accepted"))
            return login_unexpected(login, ANSWER, reply);
        login_say_notice(login, reply);
        return PAM_SUCCESS;
    case STATUS_FORBIDDEN:
        return reply_is(reply, "outcome", "refused") ? refused(step, reply)
                                                     : login_unexpected(login, ANSWER, reply);
    case STATUS_TOO_MANY:
        if (!reply_is(reply, "outcome", "wait"))
            return login_unexpected(login, ANSWER, reply);
        note_wait(step, reply);
        return ASK_AGAIN;
    case STATUS_BAD_REQUEST:
        if (!reply_is(reply, "code", "malformed-code"))
            return login_unexpected(login, ANSWER, reply);
        talk_warn(&login->talk, SAY_SIX_DIGITS, NULL, NULL);
        return ASK_AGAIN;
    case STATUS_NOT_FOUND:
        return reply_is(reply, "code", "unknown-login") ? LOGIN_FORGOTTEN
                                                        : login_unexpected(login, ANSWER, reply);
    default:
        return login_unexpected(login, ANSWER, reply);
    }
}

static int answer(struct step *step, const char *method, const char *code, int patience,
                  struct reply *reply) {
    if (strlen(code) > TYPED_MOST) {
        talk_warn(&step->login->talk, SAY_WRONG_CODE, NULL, NULL);
        return ASK_AGAIN;
    }
    struct request request;
    login_request(step->login, &request, ANSWER);
    request_text(&request, "method", method);
    request_text(&request, "code", code);
    request.patience = patience;
    int result = login_exchange(step->login, &request, reply);
    return result == PAM_SUCCESS ? judged(step, reply) : result;
}

static int answer_totp(struct step *step, char **typed, int codes, struct reply *reply) {
    if (codes > 0 && codes < step->needed) {
        int result = complete(step, typed, codes);
        if (result != PAM_SUCCESS)
            return result;
    }
    // A wait for a one-time password never delays a recovery code, so it is held out here and nowhere else.
    if (step->wait <= HELD_WAIT_MOST)
        moment_sleep_until(step->held_until);
    if (step->needed < CODES_MOST)
        return answer(step, "totp", *typed, 0, reply);
    talk_say(&step->login->talk, SAY_SEARCHING, NULL, NULL);
    return answer(step, "totp", *typed, SEARCH_SECONDS, reply);
}

// sshd's password method, and other programs without a terminal, answer every hidden question with the
// password. It must not reach the daemon, nor be counted as a guess.
static bool is_password(const struct step *step, const char *typed) {
    const void *password = NULL;
    return pam_get_item(step->login->pamh, PAM_AUTHTOK, &password) == PAM_SUCCESS && password != NULL &&
           strcmp(password, typed) == 0;
}

static int react(struct step *step, char **typed, struct reply *reply) {
    int codes;
    if (is_password(step, *typed)) {
        talk_warn(&step->login->talk, SAY_PASSWORD_TYPED, NULL, NULL);
        return ASK_AGAIN;
    }
    switch (code_kind(*typed, step->mailed, &codes)) {
    case CODE_WORD_MAIL:
        return emergency_mail_send(step->login, reply, &step->mailed) == LOGIN_FORGOTTEN ? LOGIN_FORGOTTEN
                                                                                         : ASK_AGAIN;
    case CODE_TOTP:
        return answer_totp(step, typed, codes, reply);
    case CODE_RECOVERY:
        return answer(step, "recovery-code", *typed, 0, reply);
    case CODE_EMERGENCY:
        return answer(step, "emergency-code", *typed, 0, reply);
    case CODE_WORD_FLIP:
    case CODE_NOTHING:
        break;
    }
    talk_warn(&step->login->talk, SAY_EMPTY, NULL, NULL);
    return ASK_AGAIN;
}

int second_step_run(struct login *login, const struct reply *challenge) {
    struct step step = {
        .login = login,
        .needed = 1,
        .totp = reply_lists(challenge, "methods", "totp"),
        .recovery = reply_lists(challenge, "methods", "recovery-code"),
        .mail = reply_string(challenge, "securityEmail") != NULL,
    };
    note_form(&step, challenge);
    note_wait(&step, challenge);
    struct reply *reply = reply_new();
    int result = reply == NULL ? PAM_BUF_ERR : ASK_AGAIN;
    for (int asked = 0; result == ASK_AGAIN && asked < QUESTIONS_MOST; asked++) {
        char *typed;
        result = talk_ask(&login->talk, question(&step), &typed);
        if (result != PAM_SUCCESS)
            break;
        result = react(&step, &typed, reply);
        text_forget(typed);
    }
    reply_free(reply);
    return result == ASK_AGAIN ? out_of_tries(login) : result;
}
