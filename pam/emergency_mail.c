// Owns "Unable to Access" in a terminal: having a code mailed to the Security Email.
// SPDX-License-Identifier: BSD-3-Clause
#include "emergency_mail.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <syslog.h>

#define EMERGENCY_MAIL "/v1/login/emergency-mail"

static void say_sent(const struct talk *talk, const struct reply *reply) {
    char minutes[16];
    snprintf(minutes, sizeof minutes, "%d", reply_seconds(reply, "validFor") / 60);
    talk_say(talk, reply_is(reply, "state", "queued") ? SAY_MAIL_QUEUED : SAY_MAIL_SENT,
             reply_string(reply, "sentTo"), minutes);
}

int emergency_mail_send(struct login *login, struct reply *reply, bool *mailed) {
    const struct talk *talk = &login->talk;
    struct request request;
    login_request(login, &request, EMERGENCY_MAIL);
    if (channel_exchange(login->pamh, login->options, &login->channel, &request, reply) != CHANNEL_ANSWERED) {
        talk_warn(talk, SAY_MAIL_FAILED, NULL, NULL);
    } else if (reply->status == STATUS_ACCEPTED && reply_string(reply, "sentTo") != NULL) {
        say_sent(talk, reply);
        *mailed = true;
    } else if (reply->status == STATUS_CONFLICT && reply_is(reply, "because", "recent-reset")) {
        talk_warn(talk, SAY_MAIL_RECENT_RESET, NULL, NULL);
    } else if (reply->status == STATUS_CONFLICT) {
        talk_warn(talk, SAY_NO_SECURITY_EMAIL, NULL, NULL);
    } else if (reply->status == STATUS_TOO_MANY) {
        talk_say_number(talk, SAY_MAIL_WAIT, reply_seconds(reply, "retryAfter"));
    } else if (reply->status == STATUS_UNAVAILABLE && reply_is(reply, "because", "mail-not-set-up")) {
        talk_warn(talk, SAY_MAIL_NOT_SET_UP, NULL, NULL);
    } else if (reply->status == STATUS_NOT_FOUND && reply_is(reply, "code", "unknown-login")) {
        return LOGIN_FORGOTTEN;
    } else {
        pam_syslog(login->pamh, LOG_ERR, "%s answered %d", EMERGENCY_MAIL, reply->status);
        talk_warn(talk, SAY_MAIL_FAILED, NULL, NULL);
    }
    return PAM_SUCCESS;
}
