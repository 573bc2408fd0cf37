// Owns looking things up in a JSON document that was read.
// SPDX-License-Identifier: BSD-3-Clause
#include "json.h"

#include <string.h>

int json_member(const struct json *document, int object_index, const char *name) {
    if (object_index < 0 || document->tokens[object_index].kind != JSON_OBJECT)
        return JSON_NONE;
    int end = document->tokens[object_index].next;
    for (int i = object_index + 1; i < end; i = document->tokens[i + 1].next)
        if (json_is(document, i, name))
            return i + 1;
    return JSON_NONE;
}

int json_first(const struct json *document, int array_index) {
    if (array_index < 0 || document->tokens[array_index].kind != JSON_ARRAY)
        return JSON_NONE;
    return document->tokens[array_index].next > array_index + 1 ? array_index + 1 : JSON_NONE;
}

int json_after(const struct json *document, int array_index, int item) {
    int next = document->tokens[item].next;
    return next < document->tokens[array_index].next ? next : JSON_NONE;
}

const char *json_string(const struct json *document, int index) {
    if (index < 0 || document->tokens[index].kind != JSON_STRING)
        return NULL;
    return document->text + document->tokens[index].start;
}

int json_whole(const struct json *document, int index) {
    return index < 0 ? JSON_NONE : document->tokens[index].whole;
}

bool json_is(const struct json *document, int index, const char *text) {
    const char *string_text = json_string(document, index);
    return string_text != NULL && text != NULL && strcmp(string_text, text) == 0;
}
