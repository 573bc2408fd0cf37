// Owns what kind of thing a person typed at the code prompt, by its shape alone.
// SPDX-License-Identifier: BSD-3-Clause
#include "code.h"

#include "text.h"

#include <stddef.h>
#include <string.h>

#define TOTP_DIGITS 6
#define MAILED_LENGTH 8
// 80 bits in base32. One of 1e8 consists of digits only; it must not be taken for a mistyped one-time
// password.
#define RECOVERY_LENGTH 16
#define SHAPE_MOST 64

#define IDEOGRAPHIC_SPACE 0x3000
#define NO_BREAK_SPACE 0xA0
#define FULLWIDTH_FIRST 0xFF01
#define FULLWIDTH_LAST 0xFF5E
#define FULLWIDTH_OFFSET 0xFEE0

static bool is_separator(uint32_t point) {
    return point == ' ' || point == '\t' || point == '-' || point == NO_BREAK_SPACE ||
           point == IDEOGRAPHIC_SPACE || (point >= 0x2010 && point <= 0x2015);
}

struct shape {
    char lower[SHAPE_MOST + 1];
    size_t length;
    bool only_digits;
    bool only_crockford;
};

static char narrow_lower(uint32_t point) {
    if (point >= FULLWIDTH_FIRST && point <= FULLWIDTH_LAST)
        point -= FULLWIDTH_OFFSET;
    if (point >= 'A' && point <= 'Z')
        point += 'a' - 'A';
    // Anything else that is not ASCII is in no alphabet of a code.
    return point < 0x80 ? (char)point : '?';
}

static void read_shape(const char *typed, struct shape *shape) {
    *shape = (struct shape){.only_digits = true, .only_crockford = true};
    size_t length = strlen(typed);
    for (size_t at = 0; at < length;) {
        uint32_t point;
        size_t size = text_decode(typed + at, length - at, &point);
        at += size == 0 ? 1 : size;
        if (size > 0 && is_separator(point))
            continue;
        char c = size == 0 ? '?' : narrow_lower(point);
        if (c < '0' || c > '9')
            shape->only_digits = false;
        // Crockford's decoder takes i, l and o for the digits they look like; u is left out.
        if (strchr("0123456789abcdefghijklmnopqrstvwxyz", c) == NULL)
            shape->only_crockford = false;
        if (shape->length < SHAPE_MOST)
            shape->lower[shape->length] = c;
        shape->length++;
    }
}

static enum code_kind kind_of(const struct shape *shape, bool mailed, int *codes) {
    if (shape->length == 0)
        return CODE_NOTHING;
    if (strcmp(shape->lower, "mail") == 0)
        return CODE_WORD_MAIL;
    if (strcmp(shape->lower, "flip") == 0)
        return CODE_WORD_FLIP;
    if (mailed && shape->length == MAILED_LENGTH && shape->only_crockford)
        return CODE_EMERGENCY;
    if (!shape->only_digits || shape->length == RECOVERY_LENGTH)
        return CODE_RECOVERY;
    if (shape->length % TOTP_DIGITS == 0)
        *codes = (int)(shape->length / TOTP_DIGITS);
    return CODE_TOTP;
}

enum code_kind code_kind(const char *typed, bool mailed, int *codes) {
    struct shape shape;
    *codes = 0;
    read_shape(typed, &shape);
    enum code_kind kind = kind_of(&shape, mailed, codes);
    explicit_bzero(&shape, sizeof shape);
    return kind;
}
