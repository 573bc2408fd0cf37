// Owns the way to the daemon: connect, check who is there, send, receive, each exchange before one deadline.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_CHANNEL_H
#define FYGO_CHANNEL_H

#include "options.h"
#include "reply.h"
#include "request.h"

// A connection that a login keeps between its questions; {-1} has none yet. A person may type for minutes, and
// the daemon drops idle connections when it needs the room: then the next exchange connects again.
struct channel {
    int fd;
};

enum channel_result {
    CHANNEL_ANSWERED,
    // Nobody there, too slow, or an answer that is none: what `unavailable=allow` is about.
    CHANNEL_UNAVAILABLE,
    // Somebody is there who must not decide, or the question itself cannot be put: never allowed.
    CHANNEL_REFUSED,
};

// Sends the request and waits for the whole answer, at most options->timeout seconds. The request is
// overwritten. Why it failed is logged, never what was sent.
enum channel_result channel_exchange(pam_handle_t *pamh, const struct options *options,
                                     struct channel *channel, struct request *request, struct reply *reply);

// Closes the connection, if there is one.
void channel_close(struct channel *channel);

#endif
