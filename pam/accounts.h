// Owns looking an account up through NSS.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_ACCOUNTS_H
#define FYGO_ACCOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

// The numeric id of an account; false when there is none, or when NSS cannot say.
bool account_uid(const char *name, uid_t *uid);

#endif
