// Owns how a JSON document of the daemon is read: RFC 8259, strictly, into a bounded list of tokens.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_JSON_H
#define FYGO_JSON_H

#include <stdbool.h>
#include <stddef.h>

// A reader of its own, and not a library: sshd, login and sudo load this module into a root process, and the
// daemon's documents are flat, small and bounded. Every library that Debian offers allocates without a limit.

// The largest document of the contract (an accepted enrolment with ten recovery codes) needs about 40.
#define JSON_TOKENS_MOST 256
#define JSON_DEPTH_MOST 16
// What the accessors return when there is no such value.
#define JSON_NONE (-1)

enum json_kind { JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

struct json_token {
    enum json_kind kind;
    // Strings: where the decoded text starts in the buffer; it ends with a NUL.
    size_t start;
    // Numbers that are whole, not negative and at most INT_MAX; otherwise JSON_NONE.
    int whole;
    // The token after this value and everything in it.
    int next;
};

struct json {
    // Belongs to the caller and holds the decoded strings: it has to outlive the document.
    char *text;
    struct json_token tokens[JSON_TOKENS_MOST];
    int count;
};

// Reads the whole of `text`, decoding its strings in place. Refused are: anything RFC 8259 refuses, text that
// is not UTF-8, lone surrogates, U+0000, a name that stands twice in one object, more tokens or depth than
// above.
bool json_parse(struct json *document, char *text, size_t length);

// The value of that name in an object, or JSON_NONE (also when `object` is JSON_NONE or no object).
int json_member(const struct json *document, int object, const char *name);

// The first item of an array, and the one after `item`; JSON_NONE at the end or when `array` is none.
int json_first(const struct json *document, int array);
int json_after(const struct json *document, int array, int item);

// The text of a string, or NULL.
const char *json_string(const struct json *document, int value);

// A whole number from 0 to INT_MAX, or JSON_NONE.
int json_whole(const struct json *document, int value);

// Is it the string `text`?
bool json_is(const struct json *document, int value, const char *text);

#endif
