// Owns what libpam calls: one function for each kind of a PAM stack's lines.
// SPDX-License-Identifier: BSD-3-Clause
#include "login.h"

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <syslog.h>

#define EXPORTED __attribute__((visibility("default")))
#define ACCOUNT_EVENT "/v1/account-event"

static int authenticate(struct login *login, bool sound) {
    if (!sound) {
        talk_warn(&login->talk, SAY_MISCONFIGURED, NULL, NULL);
        return PAM_AUTHINFO_UNAVAIL;
    }
    int result = pam_get_user(login->pamh, &login->user, NULL);
    return result == PAM_SUCCESS ? login_run(login) : result;
}

// The second factor. Belongs behind the line that checks the password or, in sshd, behind a key: the daemon
// takes its word for it that the first factor was right.
EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    struct options options;
    struct login login = {.pamh = pamh, .options = &options, .channel = {-1}};
    char *held;
    bool sound = options_read(&options, pamh, argc, argv);
    talk_start(&login.talk, pamh, &options, flags, &held);
    int result = authenticate(&login, sound);
    talk_end(&login.talk);
    return result;
}

// PAM_SUCCESS and not PAM_IGNORE: with key and code, this module can be the only one in the stack that has an
// opinion, and a pam_setcred() that everybody ignores fails, which sshd takes for a broken login.
EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}

// PAM_IGNORE: whether an account has expired is not this module's business, and a PAM_SUCCESS under
// "sufficient" would skip the modules whose business it is.
EXPORTED int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    (void)pamh, (void)flags, (void)argc, (void)argv;
    return PAM_IGNORE;
}

static bool report_new_password(pam_handle_t *pamh, const struct options *options, const char *user) {
    struct reply *reply = reply_new();
    if (reply == NULL)
        return false;
    struct request request;
    request_start(&request, ACCOUNT_EVENT);
    request_text(&request, "user", user);
    request_text(&request, "event", "password-changed");
    struct channel channel = {-1};
    bool told = channel_exchange(pamh, options, &channel, &request, reply) == CHANNEL_ANSWERED;
    channel_close(&channel);
    if (told && reply->status != STATUS_ACCEPTED) {
        pam_syslog(pamh, LOG_ERR, "%s answered %d", ACCOUNT_EVENT, reply->status);
        told = false;
    }
    reply_free(reply);
    return told;
}

// Tells the daemon that the password is a new one: trusted devices and open logins end. Always PAM_IGNORE:
// the password is written already, and an error here would make passwd(1) say that it was not changed; the
// person would go on with the old one. What could not be reported is said and logged instead.
EXPORTED int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv) {
    struct options options;
    struct talk talk;
    const char *user;
    char *held;
    if (((unsigned)flags & PAM_UPDATE_AUTHTOK) == 0)
        return PAM_IGNORE;
    bool sound = options_read(&options, pamh, argc, argv);
    talk_start(&talk, pamh, &options, flags, &held);
    bool told =
        sound && pam_get_user(pamh, &user, NULL) == PAM_SUCCESS && report_new_password(pamh, &options, user);
    if (!told) {
        pam_syslog(pamh, LOG_ERR,
                   "the daemon was not told of the new password: trusted devices remain trusted");
        talk_warn(&talk, SAY_TRUST_REMAINS, NULL, NULL);
    }
    talk_end(&talk);
    return PAM_IGNORE;
}
