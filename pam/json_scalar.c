// Owns how JSON strings, numbers and literals are read.
// SPDX-License-Identifier: BSD-3-Clause
#include "json_reader.h"
#include "text.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

bool reader_take(struct reader *reader, char expected) {
    if (reader->at >= reader->end || reader->document->text[reader->at] != expected)
        return false;
    reader->at++;
    return true;
}

struct json_token *reader_append(struct reader *reader, enum json_kind kind) {
    struct json *document = reader->document;
    if (document->count >= JSON_TOKENS_MOST)
        return NULL;
    struct json_token *token = &document->tokens[document->count++];
    *token = (struct json_token){.kind = kind, .whole = JSON_NONE, .next = document->count};
    return token;
}

static bool hexadecimal(struct reader *reader, uint32_t *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        if (reader->at >= reader->end)
            return false;
        char c = reader->document->text[reader->at++];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A') + 10;
        else
            return false;
        *unit = *unit * 16 + digit;
    }
    return true;
}

// What stands after `\u`: one UTF-16 unit, or two that make a pair.
static bool escaped_point(struct reader *reader, uint32_t *point) {
    if (!hexadecimal(reader, point) || *point == 0 || (*point >= 0xDC00 && *point <= 0xDFFF))
        return false;
    if (*point < 0xD800 || *point > 0xDBFF)
        return true;
    uint32_t low;
    if (!reader_take(reader, '\\') || !reader_take(reader, 'u') || !hexadecimal(reader, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return false;
    *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static bool escape(struct reader *reader, size_t *to) {
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    char *text = reader->document->text;
    if (reader->at >= reader->end)
        return false;
    char name = text[reader->at++];
    if (name == 'u') {
        uint32_t point;
        if (!escaped_point(reader, &point))
            return false;
        // Six characters became at most three bytes, twelve at most four: the copy never overtakes the
        // reader.
        *to += text_encode(point, text + *to);
        return true;
    }
    const char *found = name == '\0' ? NULL : strchr(names, name);
    if (found == NULL)
        return false;
    text[(*to)++] = values[found - names];
    return true;
}

bool reader_string(struct reader *reader) {
    char *text = reader->document->text;
    if (!reader_take(reader, '"'))
        return false;
    struct json_token *token = reader_append(reader, JSON_STRING);
    if (token == NULL)
        return false;
    size_t to = token->start = reader->at;
    while (reader->at < reader->end) {
        char c = text[reader->at++];
        if (c == '"') {
            text[to] = '\0';
            return true;
        }
        if (c == '\\') {
            if (!escape(reader, &to))
                return false;
        } else if ((unsigned char)c < 0x20) {
            return false;
        } else {
            text[to++] = c;
        }
    }
    return false;
}

static bool digits(struct reader *reader) {
    size_t from = reader->at;
    const char *text = reader->document->text;
    while (reader->at < reader->end && text[reader->at] >= '0' && text[reader->at] <= '9')
        reader->at++;
    return reader->at > from;
}

static int whole_value(const char *from, size_t length) {
    int result = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = from[i] - '0';
        if (result > (INT_MAX - digit) / 10)
            return JSON_NONE;
        result = result * 10 + digit;
    }
    return result;
}

bool reader_number(struct reader *reader) {
    const char *text = reader->document->text;
    struct json_token *token = reader_append(reader, JSON_NUMBER);
    if (token == NULL)
        return false;
    bool whole = !reader_take(reader, '-');
    size_t from = reader->at;
    if (!digits(reader) || (text[from] == '0' && reader->at - from > 1))
        return false;
    size_t length = reader->at - from;
    if (reader_take(reader, '.')) {
        whole = false;
        if (!digits(reader))
            return false;
    }
    if (reader_take(reader, 'e') || reader_take(reader, 'E')) {
        whole = false;
        if (!reader_take(reader, '+'))
            reader_take(reader, '-');
        if (!digits(reader))
            return false;
    }
    if (whole)
        token->whole = whole_value(text + from, length);
    return true;
}

bool reader_literal(struct reader *reader, const char *name, enum json_kind kind) {
    size_t length = strlen(name);
    if (reader->end - reader->at < length || memcmp(reader->document->text + reader->at, name, length) != 0)
        return false;
    reader->at += length;
    return reader_append(reader, kind) != NULL;
}
