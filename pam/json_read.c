// Owns how a JSON document is read as a whole: one pass, bounded in depth and tokens, no allocation.
// SPDX-License-Identifier: BSD-3-Clause
#include "json_reader.h"
#include "text.h"

#include <string.h>

static bool value(struct reader *reader, int depth);

static void blanks(struct reader *reader) {
    const char *text = reader->document->text;
    while (reader->at < reader->end && text[reader->at] != '\0' &&
           strchr(" \t\r\n", text[reader->at]) != NULL)
        reader->at++;
}

static bool array(struct reader *reader, int depth) {
    struct json_token *token = reader_append(reader, JSON_ARRAY);
    if (token == NULL || !reader_take(reader, '['))
        return false;
    blanks(reader);
    if (!reader_take(reader, ']')) {
        do {
            if (!value(reader, depth))
                return false;
        } while (reader_take(reader, ','));
        if (!reader_take(reader, ']'))
            return false;
    }
    token->next = reader->document->count;
    return true;
}

// Two readers of one document must not disagree about it, so a name that stands twice is refused.
static bool already_there(const struct json *document, int object, int name) {
    for (int i = object + 1; i < name; i = document->tokens[i + 1].next)
        if (json_is(document, name, json_string(document, i)))
            return true;
    return false;
}

static bool object(struct reader *reader, int depth) {
    struct json *document = reader->document;
    int self = document->count;
    if (reader_append(reader, JSON_OBJECT) == NULL || !reader_take(reader, '{'))
        return false;
    blanks(reader);
    if (!reader_take(reader, '}')) {
        do {
            blanks(reader);
            int name = document->count;
            if (!reader_string(reader) || already_there(document, self, name))
                return false;
            blanks(reader);
            if (!reader_take(reader, ':') || !value(reader, depth))
                return false;
        } while (reader_take(reader, ','));
        if (!reader_take(reader, '}'))
            return false;
    }
    document->tokens[self].next = document->count;
    return true;
}

static bool value(struct reader *reader, int depth) {
    if (depth >= JSON_DEPTH_MOST)
        return false;
    blanks(reader);
    if (reader->at >= reader->end)
        return false;
    bool read;
    switch (reader->document->text[reader->at]) {
    case '{':
        read = object(reader, depth + 1);
        break;
    case '[':
        read = array(reader, depth + 1);
        break;
    case '"':
        read = reader_string(reader);
        break;
    case 't':
        read = reader_literal(reader, "true", JSON_TRUE);
        break;
    case 'f':
        read = reader_literal(reader, "false", JSON_FALSE);
        break;
    case 'n':
        read = reader_literal(reader, "null", JSON_NULL);
        break;
    default:
        read = reader_number(reader);
    }
    blanks(reader);
    return read;
}

bool json_parse(struct json *document, char *text, size_t length) {
    document->text = text;
    document->count = 0;
    if (!text_is_utf8(text, length))
        return false;
    struct reader reader = {.document = document, .at = 0, .end = length};
    return value(&reader, 0) && reader.at == length;
}
