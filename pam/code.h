// Owns what kind of thing a person typed at the code prompt, by its shape alone.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_CODE_H
#define FYGO_CODE_H

#include <stdbool.h>

enum code_kind {
    CODE_NOTHING,
    // The words "mail" and "flip".
    CODE_WORD_MAIL,
    CODE_WORD_FLIP,
    // Digits, a whole number of sixes or a mistyped one: the daemon tells, and does not count it.
    CODE_TOTP,
    CODE_RECOVERY,
    CODE_EMERGENCY,
};

// What daemon and person mean by a code: spaces and hyphens do not count, nor does the width of a digit that
// a Chinese or Japanese keyboard types. `mailed`: a code was mailed during this login. `codes` gets how many
// one-time passwords of six digits it is, 0 for anything else.
enum code_kind code_kind(const char *typed, bool mailed, int *codes);

#endif
