// Owns one login at the daemon: the first question, and what its answers lead to.
// SPDX-License-Identifier: BSD-3-Clause
#include "login.h"

#include "accounts.h"
#include "enrol.h"
#include "second_step.h"

#include <security/pam_ext.h>
#include <string.h>
#include <syslog.h>

#define BEGIN "/v1/login/begin"
// The contract's bounds for a service and for an address.
#define LINE_MOST 64

struct meaning {
    const char *code;
    enum word word;
};

static enum word word_of(const struct meaning *meanings, size_t count, const struct reply *reply,
                         const char *name, enum word otherwise) {
    for (size_t i = 0; i < count; i++)
        if (reply_is(reply, name, meanings[i].code))
            return meanings[i].word;
    return otherwise;
}

void login_request(const struct login *login, struct request *request, const char *path) {
    request_start(request, path);
    request_text(request, "login", login->id);
    request_text(request, "user", login->user);
}

int login_exchange(struct login *login, struct request *request, struct reply *reply) {
    enum channel_result result =
        channel_exchange(login->pamh, login->options, &login->channel, request, reply);
    if (result == CHANNEL_ANSWERED)
        return PAM_SUCCESS;
    talk_warn(&login->talk, result == CHANNEL_UNAVAILABLE ? SAY_UNAVAILABLE : SAY_MISCONFIGURED, NULL, NULL);
    return PAM_AUTHINFO_UNAVAIL;
}

int login_unexpected(const struct login *login, const char *path, const struct reply *reply) {
    const char *code = reply_string(reply, "code");
    pam_syslog(login->pamh, LOG_ERR, "%s answered %d (%.64s): the login is refused", path, reply->status,
               code == NULL ? "no code" : code);
    const char *detail = reply_string(reply, "detail");
    if (code != NULL && detail != NULL) {
        talk_show_warning(&login->talk, detail);
        talk_show_warning(&login->talk, reply_string(reply, "hint"));
    } else {
        talk_warn(&login->talk, SAY_UNAVAILABLE, NULL, NULL);
    }
    return PAM_AUTHINFO_UNAVAIL;
}

bool login_let_in(const struct reply *reply, const char *outcome) {
    return reply->status == STATUS_OK && reply_is(reply, "outcome", outcome);
}

void login_say_notice(const struct login *login, const struct reply *reply) {
    static const struct meaning notices[] = {
        {"recovery-codes-low", NOTICE_CODES_LOW},
        {"security-email-missing", NOTICE_NO_EMAIL},
        {"phone-drifts", NOTICE_PHONE_DRIFTS},
        {"board-clock", NOTICE_BOARD_CLOCK},
    };
    enum word word = word_of(notices, sizeof notices / sizeof *notices, reply, "notice", WORDS_COUNT);
    if (word != WORDS_COUNT)
        talk_say(&login->talk, word, NULL, NULL);
}

// An item of PAM that is printable ASCII of the contract's length, or NULL. A remote host may have chosen its
// own name; it must not be able to make the whole question malformed.
static const char *plain_item(const struct login *login, int item) {
    const void *value = NULL;
    if (pam_get_item(login->pamh, item, &value) != PAM_SUCCESS || value == NULL)
        return NULL;
    const char *text = value;
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (text[i] < '!' || text[i] > '~')
            return NULL;
    return length == 0 || length > LINE_MOST ? NULL : text;
}

static void begin_request(const struct login *login, struct request *request) {
    request_start(request, BEGIN);
    request_text(request, "user", login->user);
    const char *service = plain_item(login, PAM_SERVICE);
    request_text(request, "service", service == NULL ? "pam" : service);
    uid_t uid;
    if (account_uid(login->user, &uid))
        request_number(request, "uid", uid);
    const char *host = plain_item(login, PAM_RHOST);
    if (host != NULL)
        request_text(request, "remoteAddress", host);
    if (login->talk.locale[0] != '\0')
        request_text(request, "locale", login->talk.locale);
}

static int allowed(const struct login *login, const struct reply *reply) {
    if (!login_let_in(reply, "allow"))
        return login_unexpected(login, BEGIN, reply);
    const char *deadline = reply_string(reply, "enrolBy");
    if (deadline != NULL)
        talk_say(&login->talk, SAY_GRACE, deadline, NULL);
    return PAM_SUCCESS;
}

static int denied(const struct login *login, const struct reply *reply) {
    static const struct meaning denials[] = {
        {"unknown-user", DENY_UNKNOWN_USER}, {"identity-changed", DENY_IDENTITY_CHANGED},
        {"state-lost", DENY_STATE_LOST},     {"key-missing", DENY_KEY_MISSING},
        {"store-unavailable", DENY_STORE},   {"directory-unavailable", DENY_DIRECTORY},
        {"recent-reset", DENY_RECENT_RESET},
    };
    talk_warn(&login->talk, word_of(denials, sizeof denials / sizeof *denials, reply, "because", DENY_OTHER),
              NULL, NULL);
    const char *because = reply_string(reply, "because");
    pam_syslog(login->pamh, LOG_NOTICE, "denied: %.64s", because == NULL ? "no reason given" : because);
    return PAM_AUTH_ERR;
}

static int unavailable(const struct login *login, enum channel_result result) {
    if (result == CHANNEL_UNAVAILABLE && login->options->allow_unavailable) {
        pam_syslog(
            login->pamh, LOG_WARNING,
            "unavailable=allow: '%s' was not asked for a second factor, because the daemon does not answer",
            login->user);
        return PAM_IGNORE;
    }
    talk_warn(&login->talk, result == CHANNEL_UNAVAILABLE ? SAY_UNAVAILABLE : SAY_MISCONFIGURED, NULL, NULL);
    return PAM_AUTHINFO_UNAVAIL;
}

static int run(struct login *login, struct reply *reply) {
    struct request request;
    begin_request(login, &request);
    enum channel_result result =
        channel_exchange(login->pamh, login->options, &login->channel, &request, reply);
    if (result != CHANNEL_ANSWERED)
        return unavailable(login, result);
    switch (reply->status) {
    case STATUS_OK:
        return allowed(login, reply);
    case STATUS_FORBIDDEN:
        return denied(login, reply);
    case STATUS_UNAUTHORISED:
        if (!reply_login(reply, login->id))
            return login_unexpected(login, BEGIN, reply);
        if (reply_is(reply, "outcome", "challenge"))
            return second_step_run(login, reply);
        if (reply_is(reply, "outcome", "enrol"))
            return enrol_run(login);
        return login_unexpected(login, BEGIN, reply);
    default:
        return login_unexpected(login, BEGIN, reply);
    }
}

int login_run(struct login *login) {
    struct reply *reply = reply_new();
    if (reply == NULL)
        return PAM_BUF_ERR;
    int result = run(login, reply);
    // Once: a daemon that forgets again and again is broken, and the person should hear so.
    if (result == LOGIN_FORGOTTEN) {
        talk_say(&login->talk, SAY_RESTARTED, NULL, NULL);
        result = run(login, reply);
    }
    if (result == LOGIN_FORGOTTEN)
        result = login_unexpected(login, BEGIN, reply);
    channel_close(&login->channel);
    reply_free(reply);
    return result;
}
