// Owns what the person is told, in English and in Simplified Chinese.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_WORDS_H
#define FYGO_WORDS_H

#include <stdbool.h>

enum word {
    ASK_CODE,
    ASK_CODE_OR_RECOVERY,
    ASK_CODE_RECOVERY_OR_MAIL,
    ASK_CODE_OR_MAIL,
    ASK_RECOVERY,
    ASK_RECOVERY_OR_MAIL,
    ASK_MAIL,
    ASK_MAILED_CODE,
    ASK_PAIR,
    ASK_TRIPLE,
    ASK_NEXT_CODE,
    ASK_FIRST_CODE,
    ASK_RECOVERY_CODES_NOTED,
    SAY_PAIR,
    SAY_TRIPLE,
    SAY_EMPTY,
    SAY_PASSWORD_TYPED,
    SAY_WAIT,
    SAY_LONG_WAIT,
    SAY_TOO_MANY,
    SAY_SIX_DIGITS,
    SAY_SEARCHING,
    SAY_RESTARTED,
    SAY_WRONG_CODE,
    SAY_USED_CODE,
    SAY_EXPIRED_CODE,
    SAY_FORM_REQUIRED,
    SAY_LOGIN_CHANGED,
    SAY_SUSPENDED,
    SAY_CLOCK_UNSURE,
    SAY_MAIL_SENT,
    SAY_MAIL_QUEUED,
    SAY_NO_SECURITY_EMAIL,
    SAY_MAIL_RECENT_RESET,
    SAY_MAIL_NOT_SET_UP,
    SAY_MAIL_WAIT,
    SAY_MAIL_FAILED,
    SAY_ENROL,
    SAY_FLIP,
    SAY_ACCOUNT,
    SAY_KEY,
    SAY_ENROL_REFUSED,
    SAY_ENROLLED,
    SAY_RECOVERY_CODES,
    SAY_GRACE,
    NOTICE_CODES_LOW,
    NOTICE_NO_EMAIL,
    NOTICE_PHONE_DRIFTS,
    NOTICE_BOARD_CLOCK,
    DENY_UNKNOWN_USER,
    DENY_IDENTITY_CHANGED,
    DENY_STATE_LOST,
    DENY_KEY_MISSING,
    DENY_STORE,
    DENY_DIRECTORY,
    DENY_RECENT_RESET,
    DENY_OTHER,
    SAY_UNAVAILABLE,
    SAY_MISCONFIGURED,
    SAY_TRUST_REMAINS,
    WORDS_COUNT
};

// Is this language tag Simplified Chinese? NULL is not.
bool words_are_chinese(const char *locale);

// The sentence with {1} and {2} replaced; NULL stands for no value. The caller frees it; NULL when memory is
// short.
char *words(bool chinese, enum word word, const char *first, const char *second);

#endif
