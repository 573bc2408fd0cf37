// Owns what is asked of the daemon: a JSON object of strings and numbers, and the HTTP request around it.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_REQUEST_H
#define FYGO_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

// The daemon takes at most 16 KiB; a name of 256 characters, each escaped, needs 1.5.
#define REQUEST_MOST (8U * 1024U)

struct request {
    const char *path;
    char body[REQUEST_MOST];
    size_t length;
    // Once false it stays false, and the request is not sent: it did not fit, or a text was not UTF-8.
    bool sound;
    // How many seconds the answer is waited for at the least; 0 leaves it to the option.
    int patience;
};

// Starts a request to a path of the contract, which has to outlive it.
void request_start(struct request *request, const char *path);
void request_text(struct request *request, const char *name, const char *value);
void request_number(struct request *request, const char *name, unsigned long value);

// Writes head and body to `to`; returns the length, 0 when it does not fit or the request is not sound.
size_t request_write(const struct request *request, char *to, size_t most);

// Overwrites what the request said: it may hold a code.
void request_forget(struct request *request);

#endif
