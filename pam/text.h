// Owns text: whether it is UTF-8, and what of the daemon's text may reach a terminal.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_TEXT_H
#define FYGO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The length of the UTF-8 sequence at the start of `text` (1 to 4) and its code point; 0 when it is none
// (overlong, a surrogate, above U+10FFFF, cut short, or `length` is 0).
size_t text_decode(const char *text, size_t length, uint32_t *point);

// Writes one code point as UTF-8; returns its length, 1 to 4.
size_t text_encode(uint32_t point, char *to);

bool text_is_utf8(const char *text, size_t length);

// Removes, in place, what a terminal would obey instead of show: control characters but the newline, escape
// sequences as a whole, invisible and direction-changing characters. Text that is not UTF-8 becomes empty.
void text_make_printable(char *text);

// A picture of Unicode half blocks with dark and light swapped, for a terminal whose text is dark on light.
// The caller frees it; NULL when memory is short.
char *text_flipped_blocks(const char *picture);

// Overwrites and frees a string that held a secret. NULL is allowed.
void text_forget(char *text);

#endif
