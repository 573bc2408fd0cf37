// Owns the module's options, the words behind pam_fygo_2fa.so in a PAM file.
// SPDX-License-Identifier: BSD-3-Clause
#include "options.h"

#include <security/pam_ext.h>
#include <stddef.h>
#include <string.h>
#include <syslog.h>

#define TIMEOUT_DEFAULT 5
#define TIMEOUT_MOST 60

static const char *after(const char *word, const char *name) {
    size_t length = strlen(name);
    return strncmp(word, name, length) == 0 ? word + length : NULL;
}

static bool read_seconds(const char *text, int *seconds) {
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 2 || text[length] != '\0')
        return false;
    *seconds = 0;
    for (size_t i = 0; i < length; i++)
        *seconds = *seconds * 10 + (text[i] - '0');
    return *seconds >= 1 && *seconds <= TIMEOUT_MOST;
}

static bool read_option(struct options *options, const char *word) {
    const char *value;
    if (strcmp(word, "echo") == 0) {
        options->echo = true;
    } else if ((value = after(word, "socket=")) != NULL) {
        options->socket = value;
        return value[0] == '/';
    } else if ((value = after(word, "peer=")) != NULL) {
        options->peer = value;
        return value[0] != '\0';
    } else if ((value = after(word, "locale=")) != NULL) {
        options->locale = value;
        return value[0] != '\0';
    } else if ((value = after(word, "timeout=")) != NULL) {
        return read_seconds(value, &options->timeout);
    } else if ((value = after(word, "unavailable=")) != NULL) {
        options->allow_unavailable = strcmp(value, "allow") == 0;
        return options->allow_unavailable || strcmp(value, "deny") == 0;
    } else {
        return false;
    }
    return true;
}

bool options_read(struct options *options, pam_handle_t *pamh, int argc, const char **argv) {
    *options = (struct options){
        .socket = "/run/fygo-2fa/login.sock",
        .peer = "fygo-2fa",
        .timeout = TIMEOUT_DEFAULT,
    };
    for (int i = 0; i < argc; i++) {
        if (!read_option(options, argv[i])) {
            pam_syslog(pamh, LOG_ERR,
                       "unknown or malformed option '%s': everybody is refused until it is corrected",
                       argv[i]);
            return false;
        }
    }
    return true;
}
