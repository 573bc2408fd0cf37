// Owns "Unable to Access" in a terminal: having a code mailed to the Security Email.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_EMERGENCY_MAIL_H
#define FYGO_EMERGENCY_MAIL_H

#include "login.h"

// Asks for the mail and says where it went, or why there is none. Sets `mailed` when a code is on its way.
// Returns LOGIN_FORGOTTEN, or PAM_SUCCESS whether there is a mail or not: the app and the recovery codes
// remain.
int emergency_mail_send(struct login *login, struct reply *reply, bool *mailed);

#endif
