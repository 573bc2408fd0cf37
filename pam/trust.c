// Owns whether the process behind the socket may decide who comes in.
// SPDX-License-Identifier: BSD-3-Clause
#include "trust.h"

#include "accounts.h"

#include <errno.h>
#include <security/pam_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

static bool is_ours(uid_t uid) {
    return uid == 0 || uid == geteuid();
}

struct walk {
    // Where somebody else may create entries, an entry that is ours cannot be his (a sticky folder protects
    // it).
    bool shared;
    uid_t owner;
};

// One folder of the way; `last` is the socket's own.
static bool may_pass(struct walk *walk, const char *folder, bool last) {
    struct stat status;
    if (lstat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    bool ours = is_ours(status.st_uid);
    if (!ours && (!last || walk->shared))
        return false;
    bool others_write = (status.st_mode & S_IWOTH) != 0;
    bool group_writes = (status.st_mode & S_IWGRP) != 0 && status.st_gid != 0;
    if ((others_write || group_writes) && (last || (status.st_mode & S_ISVTX) == 0))
        return false;
    walk->shared = others_write || group_writes;
    walk->owner = status.st_uid;
    return true;
}

static bool folders_are_safe(char *resolved, uid_t *owner) {
    struct walk walk = {0};
    if (!may_pass(&walk, "/", resolved[1] == '\0'))
        return false;
    for (char *end = resolved + 1; *end != '\0';) {
        end += strcspn(end, "/");
        char kept = *end;
        *end = '\0';
        bool pass = may_pass(&walk, resolved, kept == '\0');
        *end = kept;
        if (!pass)
            return false;
        if (kept != '\0')
            end++;
    }
    *owner = walk.owner;
    return true;
}

static enum trust_result untrusted(pam_handle_t *pamh, const char *path) {
    pam_syslog(
        pamh, LOG_ERR,
        "%s: not trusted: a folder on the way, or the socket, could have been put there by another user; "
        "correct owners and modes",
        path);
    return TRUST_NO;
}

enum trust_result trust_path(pam_handle_t *pamh, const char *path, struct trust *trust,
                             struct sockaddr_un *address) {
    const char *slash = strrchr(path, '/');
    char *folder = slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
    char *resolved = folder == NULL ? NULL : realpath(folder, NULL);
    free(folder);
    if (resolved == NULL) {
        pam_syslog(pamh, LOG_ERR, "%s: %m", path);
        return TRUST_ABSENT;
    }
    bool safe = folders_are_safe(resolved, &trust->folder_owner);
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t length = strlen(resolved);
    bool fits = length + strlen(slash) < sizeof address->sun_path;
    if (fits) {
        memcpy(address->sun_path, resolved, length);
        memcpy(address->sun_path + length, slash, strlen(slash) + 1);
    }
    free(resolved);
    if (!safe || !fits)
        return untrusted(pamh, path);
    struct stat status;
    if (lstat(address->sun_path, &status) != 0) {
        pam_syslog(pamh, LOG_ERR, "%s: %m", path);
        return TRUST_ABSENT;
    }
    bool known = is_ours(status.st_uid) || status.st_uid == trust->folder_owner;
    return S_ISSOCK(status.st_mode) && known ? TRUST_YES : untrusted(pamh, path);
}

bool trust_peer(pam_handle_t *pamh, int socket, const struct trust *trust, const char *peer) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || size != sizeof credentials)
        return false;
    if (is_ours(credentials.uid) || credentials.uid == trust->folder_owner)
        return true;
    uid_t account;
    if (account_uid(peer, &account) && account == credentials.uid)
        return true;
    pam_syslog(pamh, LOG_ERR,
               "the process behind the socket runs as uid %u, which is not the daemon's account",
               (unsigned)credentials.uid);
    return false;
}
