// Owns whether the process behind the socket may decide who comes in.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_TRUST_H
#define FYGO_TRUST_H

#include <security/pam_modules.h>
#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

// What may answer: root, the caller's own user, and who owns the socket's folder.
struct trust {
    uid_t folder_owner;
};

enum trust_result { TRUST_YES, TRUST_NO, TRUST_ABSENT };

// Looks at the path before connecting, and fills in the address with its links resolved.
//
// Whoever may write in one of the folders on the way can put a socket of his own there, and it would say 200.
// So each folder from / down must belong to root (or the caller's own user, for a demonstration without root)
// and be writable by nobody else; a sticky one such as /tmp is allowed where the next step belongs to one of
// the two. The last folder may belong to another user: root put it there for the daemon's account.
enum trust_result trust_path(pam_handle_t *pamh, const char *path, struct trust *trust,
                             struct sockaddr_un *address);

// Looks at the peer of a connected socket (SO_PEERCRED, as of its last listen(2)): root, the caller's own
// user, the owner of the folder, or the account `peer`. A second lock: the path is the first. With systemd's
// sockets the file belongs to root while the daemon, which listens again, is its own user; so the file's
// owner does not decide.
bool trust_peer(pam_handle_t *pamh, int socket, const struct trust *trust, const char *peer);

#endif
