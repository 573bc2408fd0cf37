// Owns what a refused code means, in words.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_REFUSAL_H
#define FYGO_REFUSAL_H

#include "login.h"

// Says the daemon's own explanation, or a sentence for its reason.
void refusal_say(const struct login *login, const struct reply *refused);

#endif
