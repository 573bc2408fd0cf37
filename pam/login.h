// Owns one login at the daemon: whose it is, how to reach the daemon, and what every dialogue shares.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_LOGIN_H
#define FYGO_LOGIN_H

#include "channel.h"
#include "talk.h"

struct login {
    pam_handle_t *pamh;
    const struct options *options;
    struct channel channel;
    struct talk talk;
    const char *user;
    // The daemon's identifier of this login, once it gave one.
    char id[REPLY_LOGIN_SIZE];
};

// A PAM result of no module: the daemon has forgotten this login (it restarted), begin again.
#define LOGIN_FORGOTTEN (-1)

// The whole second factor, from "the password was right; what now?" on. PAM_SUCCESS after a 200 and only
// then; PAM_IGNORE where the daemon is not there and the option says so.
int login_run(struct login *login);

// Starts a request that names the login and its user.
void login_request(const struct login *login, struct request *request, const char *path);

// An exchange inside a login that has begun. PAM_SUCCESS with an answer; otherwise the person has been told,
// and the result is PAM_AUTHINFO_UNAVAIL whatever the options say: once a second factor was asked for, it is
// needed.
int login_exchange(struct login *login, struct request *request, struct reply *reply);

// An answer that the contract does not have here: shows the sentence of a problem document if there is one,
// logs it, and fails closed.
int login_unexpected(const struct login *login, const char *path, const struct reply *reply);

// Is this the 200 that lets in: the status, and a document that says the same?
bool login_let_in(const struct reply *reply, const char *outcome);

// What the person should know although the login succeeds.
void login_say_notice(const struct login *login, const struct reply *reply);

#endif
