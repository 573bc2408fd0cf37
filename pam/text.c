// Owns text: whether it is UTF-8, and what of the daemon's text may reach a terminal.
// SPDX-License-Identifier: BSD-3-Clause
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define ESCAPE 0x1B
#define FULL_BLOCK 0x2588
#define UPPER_HALF 0x2580
#define LOWER_HALF 0x2584

size_t text_decode(const char *text, size_t length, uint32_t *point) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (length == 0)
        return 0;
    unsigned char first = (unsigned char)text[0];
    size_t size;
    if (first < 0x80) {
        *point = first;
        return 1;
    } else if (first >= 0xC2 && first <= 0xDF) {
        size = 2;
        *point = first & 0x1FU;
    } else if (first >= 0xE0 && first <= 0xEF) {
        size = 3;
        *point = first & 0x0FU;
    } else if (first >= 0xF0 && first <= 0xF4) {
        size = 4;
        *point = first & 0x07U;
    } else {
        return 0;
    }
    if (length < size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0U) != 0x80)
            return 0;
        *point = (*point << 6) | (next & 0x3FU);
    }
    bool surrogate = *point >= 0xD800 && *point <= 0xDFFF;
    return *point < smallest[size] || surrogate || *point > 0x10FFFF ? 0 : size;
}

size_t text_encode(uint32_t point, char *to) {
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        to[i] = (char)(0x80U | (point & 0x3FU));
        point >>= 6;
    }
    to[0] = (char)(marks[size] | point);
    return size;
}

bool text_is_utf8(const char *text, size_t length) {
    uint32_t point;
    for (size_t at = 0; at < length;) {
        size_t size = text_decode(text + at, length - at, &point);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

// The general categories Cc (but the newline), Cf, Zl and Zp, as far as they are in use in the planes 0
// and 14.
static bool obeyed_by_a_terminal(uint32_t point) {
    return (point < 0x20 && point != '\n') || (point >= 0x7F && point <= 0x9F) || point == 0xAD ||
           (point >= 0x600 && point <= 0x605) || point == 0x61C || point == 0x6DD || point == 0x70F ||
           point == 0x180E || (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
           (point >= 0xE0000 && point <= 0xE0FFF);
}

// How many bytes an ECMA-48 control sequence takes whose ESC stands before `text`; without this, "[31m" would
// stay.
static size_t control_sequence(const char *text) {
    if (text[0] != '[')
        return 0;
    size_t size = 1;
    while (text[size] >= 0x20 && text[size] <= 0x3F)
        size++;
    return text[size] >= 0x40 && text[size] <= 0x7E ? size + 1 : size;
}

void text_make_printable(char *text) {
    size_t length = strlen(text);
    if (!text_is_utf8(text, length)) {
        text[0] = '\0';
        return;
    }
    size_t to = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point;
        size_t size = text_decode(text + at, length - at, &point);
        if (!obeyed_by_a_terminal(point)) {
            memmove(text + to, text + at, size);
            to += size;
        }
        at += size;
        if (point == ESCAPE)
            at += control_sequence(text + at);
    }
    text[to] = '\0';
}

char *text_flipped_blocks(const char *picture) {
    size_t length = strlen(picture);
    // The longest case: every blank (one byte) becomes a full block (three).
    char *flipped = malloc(length * 3 + 1);
    if (flipped == NULL)
        return NULL;
    size_t to = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point;
        size_t size = text_decode(picture + at, length - at, &point);
        if (size == 0)
            break;
        if (point == ' ')
            point = FULL_BLOCK;
        else if (point == FULL_BLOCK)
            point = ' ';
        else if (point == UPPER_HALF)
            point = LOWER_HALF;
        else if (point == LOWER_HALF)
            point = UPPER_HALF;
        to += text_encode(point, flipped + to);
        at += size;
    }
    flipped[to] = '\0';
    return flipped;
}

void text_forget(char *text) {
    if (text == NULL)
        return;
    explicit_bzero(text, strlen(text));
    free(text);
}
