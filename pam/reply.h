// Owns an answer of the daemon as the dialogues see it: a status, and the members of its document.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_REPLY_H
#define FYGO_REPLY_H

#include "http.h"
#include "json.h"

// 256 random bits in base64url, and the NUL.
#define REPLY_LOGIN_SIZE 44

enum reply_status {
    STATUS_OK = 200,
    STATUS_CREATED = 201,
    STATUS_ACCEPTED = 202,
    STATUS_BAD_REQUEST = 400,
    STATUS_UNAUTHORISED = 401,
    STATUS_FORBIDDEN = 403,
    STATUS_NOT_FOUND = 404,
    STATUS_CONFLICT = 409,
    STATUS_TOO_MANY = 429,
    STATUS_UNAVAILABLE = 503,
};

struct reply {
    int status;
    bool closing;
    // False where the body is not one JSON object: then no member is found, and who needs one fails closed.
    bool has_document;
    struct json document;
    char bytes[HTTP_RESPONSE_MOST + 1];
    size_t length;
};

// Looks at reply->bytes: whether the response is complete, and once it is, at its document.
enum http_state reply_read(struct reply *reply);

// A string of the document, or NULL. It lives as long as the reply.
const char *reply_string(const struct reply *reply, const char *name);

// Does the document have this string under this name?
bool reply_is(const struct reply *reply, const char *name, const char *text);

// Does the array of that name hold this string?
bool reply_lists(const struct reply *reply, const char *name, const char *text);

// Whole seconds; 0 when there are none.
int reply_seconds(const struct reply *reply, const char *name);

// The daemon's own explanation of a refusal, in words for the person, or NULL.
const char *reply_explanation(const struct reply *reply);

// The login's identifier, only if it is one; otherwise false.
bool reply_login(const struct reply *reply, char login[REPLY_LOGIN_SIZE]);

// A zeroed reply, or NULL; the other overwrites it (it holds secrets and identifiers) and frees it.
struct reply *reply_new(void);
void reply_free(struct reply *reply);

#endif
