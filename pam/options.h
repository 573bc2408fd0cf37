// Owns the module's options, the words behind pam_fygo_2fa.so in a PAM file.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_OPTIONS_H
#define FYGO_OPTIONS_H

#include <security/pam_modules.h>
#include <stdbool.h>

struct options {
    // socket=PATH, absolute. Default /run/fygo-2fa/login.sock
    const char *socket;
    // peer=NAME: the account the daemon runs as, beside root and the owner of the socket's folder. Default
    // fygo-2fa
    const char *peer;
    // locale=TAG: the language when neither the PAM nor the process environment names one, as in sshd.
    // Default none
    const char *locale;
    // timeout=SECONDS, 1 to 60: each exchange with the daemon, from connecting to the last byte; three
    // codes in a row may take longer. Default 5
    int timeout;
    // echo: show the code while it is typed. Default off
    bool echo;
    // unavailable=allow: a daemon that does not answer asks nobody for anything. Default deny
    bool allow_unavailable;
};

// Reads the options. An unknown or malformed one is logged and refused, so that a typing mistake in a PAM
// file locks rather than opens.
bool options_read(struct options *options, pam_handle_t *pamh, int argc, const char **argv);

#endif
