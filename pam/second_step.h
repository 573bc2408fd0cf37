// Owns the second step: asking for a code until one is accepted or three were refused.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_SECOND_STEP_H
#define FYGO_SECOND_STEP_H

#include "login.h"

// How often a code may be refused within one login.
#define TRIES_MOST 3
// How often the person is asked at all, mistyped codes, mails and waits included.
#define QUESTIONS_MOST 12
// A wait up to this many seconds is held out on the person's behalf.
#define HELD_WAIT_MOST 30

// `challenge` is the daemon's 401. PAM_SUCCESS after a 200; LOGIN_FORGOTTEN; PAM_AUTH_ERR after the last try.
// Not PAM_MAXTRIES: sshd then withdraws keyboard-interactive, and its client goes on to ask for "alice's
// password", which nobody takes (OpenSSH 9.2).
int second_step_run(struct login *login, const struct reply *challenge);

#endif
