// Owns enrolling in a terminal, during a login that requires it.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_ENROL_H
#define FYGO_ENROL_H

#include "login.h"

// Shows the QR code and the key, and asks for the first code. PAM_SUCCESS after the 200 of its confirmation.
int enrol_run(struct login *login);

#endif
