// Owns what a refused code means, in words.
// SPDX-License-Identifier: BSD-3-Clause
#include "refusal.h"

#include <stddef.h>

void refusal_say(const struct login *login, const struct reply *refused) {
    static const struct {
        const char *code;
        enum word word;
    } reasons[] = {
        {"used-code", SAY_USED_CODE},         {"expired-code", SAY_EXPIRED_CODE},
        {"form-required", SAY_FORM_REQUIRED}, {"login-changed", SAY_LOGIN_CHANGED},
        {"totp-suspended", SAY_SUSPENDED},    {"clock-unsure", SAY_CLOCK_UNSURE},
    };
    const char *explanation = reply_explanation(refused);
    if (explanation != NULL) {
        talk_show_warning(&login->talk, explanation);
        return;
    }
    enum word word = SAY_WRONG_CODE;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reply_is(refused, "because", reasons[i].code))
            word = reasons[i].word;
    talk_warn(&login->talk, word, NULL, NULL);
}
