// Owns what the parts of the JSON reader share.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_JSON_READER_H
#define FYGO_JSON_READER_H

#include "json.h"

struct reader {
    struct json *document;
    size_t at;
    size_t end;
};

// Goes on by one if the next character is this one.
bool reader_take(struct reader *reader, char expected);

// A new token, or NULL when there are too many.
struct json_token *reader_append(struct reader *reader, enum json_kind kind);

// The values without parts; strings are decoded in place.
bool reader_string(struct reader *reader);
bool reader_number(struct reader *reader);
bool reader_literal(struct reader *reader, const char *name, enum json_kind kind);

#endif
