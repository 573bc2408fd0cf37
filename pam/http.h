// Owns the HTTP/1.1 response of the daemon: status, framing, body.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_HTTP_H
#define FYGO_HTTP_H

#include <stdbool.h>
#include <stddef.h>

// A whole response. The largest document (an enrolment with its QR code as SVG and as text) takes about 20
// KiB.
#define HTTP_RESPONSE_MOST (64U * 1024U)
#define HTTP_HEAD_MOST (8U * 1024U)

enum http_state { HTTP_INCOMPLETE, HTTP_COMPLETE, HTTP_MALFORMED };

struct http_response {
    int status;
    // The daemon closes the connection after this response (RFC 9112 §9.6).
    bool closing;
    size_t body_start;
    size_t body_length;
};

// Reads what has arrived so far. Stricter than RFC 9112: the daemon names the length of every body, so a
// response that is chunked, that ends with the connection, or that goes on after its end is malformed; so are
// interim responses, folded lines, bare CR or LF, and two lengths.
enum http_state http_read(const char *bytes, size_t length, struct http_response *response);

#endif
