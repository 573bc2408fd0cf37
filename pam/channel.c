// Owns the way to the daemon: connect, check who is there, send, receive, each exchange before one deadline.
// SPDX-License-Identifier: BSD-3-Clause
#include "channel.h"

#include "deadline.h"
#include "trust.h"

#include <errno.h>
#include <poll.h>
#include <security/pam_ext.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#define HEAD_MOST 512U
// A full backlog of a unix socket is EAGAIN, and nothing tells when there is room: look again this often.
#define BACKLOG_PAUSE 20

static bool wait_for(int socket, short events, moment deadline) {
    for (;;) {
        int left = moment_left(deadline);
        if (left == 0) {
            errno = ETIMEDOUT;
            return false;
        }
        struct pollfd entry = {.fd = socket, .events = events};
        int ready = poll(&entry, 1, left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

static int open_socket(const struct sockaddr_un *address, moment deadline) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    while (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        bool again = errno == EAGAIN || errno == EINTR;
        if (again && moment_left(deadline) > 0) {
            moment_sleep_until(moment_now() + BACKLOG_PAUSE);
            continue;
        }
        int error = again ? ETIMEDOUT : errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static bool send_all(int fd, const char *bytes, size_t length, moment deadline) {
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLOUT, deadline))
                return false;
        } else if (sent == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool receive_all(int fd, struct reply *reply, moment deadline) {
    for (;;) {
        size_t room = HTTP_RESPONSE_MOST - reply->length;
        ssize_t received = room == 0 ? 0 : recv(fd, reply->bytes + reply->length, room, 0);
        if (received > 0) {
            reply->length += (size_t)received;
            enum http_state state = reply_read(reply);
            if (state == HTTP_COMPLETE)
                return true;
            if (state == HTTP_MALFORMED)
                break;
        } else if (received < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLIN, deadline))
                return false;
        } else if (received == 0) {
            break;
        } else if (errno != EINTR) {
            return false;
        }
    }
    errno = EBADMSG;
    return false;
}

static bool converse(int fd, const struct request *request, struct reply *reply, moment deadline) {
    char bytes[HEAD_MOST + REQUEST_MOST];
    size_t length = request_write(request, bytes, sizeof bytes);
    // A daemon that refuses early answers and closes before it has read everything: its answer still counts.
    bool sent = send_all(fd, bytes, length, deadline) || errno == EPIPE || errno == ECONNRESET;
    explicit_bzero(bytes, sizeof bytes);
    return sent && receive_all(fd, reply, deadline);
}

// Has the daemon closed it, or said something that nobody asked for?
static bool is_quiet(int fd) {
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void channel_close(struct channel *channel) {
    if (channel->fd >= 0)
        close(channel->fd);
    channel->fd = -1;
}

static enum channel_result unavailable(pam_handle_t *pamh, const struct options *options, const char *path) {
    pam_syslog(pamh, LOG_ERR, "%s of %s: %m", path, options->socket);
    return CHANNEL_UNAVAILABLE;
}

static enum channel_result open_channel(pam_handle_t *pamh, const struct options *options,
                                        struct channel *channel, const struct request *request,
                                        moment deadline) {
    struct trust trust;
    struct sockaddr_un address;
    enum trust_result path = trust_path(pamh, options->socket, &trust, &address);
    if (path != TRUST_YES)
        return path == TRUST_ABSENT ? CHANNEL_UNAVAILABLE : CHANNEL_REFUSED;
    channel->fd = open_socket(&address, deadline);
    if (channel->fd < 0)
        return unavailable(pamh, options, request->path);
    return trust_peer(pamh, channel->fd, &trust, options->peer) ? CHANNEL_ANSWERED : CHANNEL_REFUSED;
}

static enum channel_result exchange(pam_handle_t *pamh, const struct options *options,
                                    struct channel *channel, struct request *request, struct reply *reply) {
    int seconds = request->patience > options->timeout ? request->patience : options->timeout;
    moment deadline = moment_now() + (moment)seconds * 1000;
    if (!request->sound) {
        pam_syslog(pamh, LOG_ERR, "%s: the user's name or what was typed is too long or not UTF-8",
                   request->path);
        return CHANNEL_REFUSED;
    }
    if (channel->fd >= 0 && is_quiet(channel->fd)) {
        if (converse(channel->fd, request, reply, deadline))
            return CHANNEL_ANSWERED;
        // Dropped at this very moment. To ask again is safe: the daemon spends a code once, whoever repeats it.
        if (reply->length > 0 || errno == ETIMEDOUT)
            return unavailable(pamh, options, request->path);
    }
    channel_close(channel);
    enum channel_result result = open_channel(pamh, options, channel, request, deadline);
    if (result != CHANNEL_ANSWERED || converse(channel->fd, request, reply, deadline))
        return result;
    return unavailable(pamh, options, request->path);
}

enum channel_result channel_exchange(pam_handle_t *pamh, const struct options *options,
                                     struct channel *channel, struct request *request, struct reply *reply) {
    reply->length = 0;
    reply->has_document = false;
    enum channel_result result = exchange(pamh, options, channel, request, reply);
    // What went wrong once is not believed to go right on the same connection.
    if (result != CHANNEL_ANSWERED || reply->closing)
        channel_close(channel);
    request_forget(request);
    return result;
}
