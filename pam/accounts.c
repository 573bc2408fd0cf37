// Owns looking an account up through NSS.
// SPDX-License-Identifier: BSD-3-Clause
#include "accounts.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>

// A directory's entry may be long (gecos, home); beyond this it is not one.
#define ENTRY_FIRST 1024U
#define ENTRY_MOST (1024U * 1024U)

bool account_uid(const char *name, uid_t *uid) {
    for (size_t size = ENTRY_FIRST; size <= ENTRY_MOST; size *= 4) {
        struct passwd entry;
        struct passwd *found = NULL;
        char *buffer = malloc(size);
        if (buffer == NULL)
            return false;
        int error;
        do
            error = getpwnam_r(name, &entry, buffer, size, &found);
        while (error == EINTR);
        if (found != NULL)
            *uid = entry.pw_uid;
        free(buffer);
        if (error != ERANGE)
            return found != NULL;
    }
    return false;
}
