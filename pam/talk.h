// Owns the conversation with the person, through the application's PAM conversation function.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_TALK_H
#define FYGO_TALK_H

#include "options.h"
#include "words.h"

struct talk {
    pam_handle_t *pamh;
    bool chinese;
    // PAM_SILENT, which sudo always sets: say nothing that is not a question. What would have been said is
    // held here and becomes the beginning of the next question, so that a person still learns why he is asked
    // again.
    bool silent;
    char **held;
    bool echo;
    // The language tag that is told to the daemon, "" when none is known.
    char locale[36];
};

// `*held` starts as NULL; talk_end() forgets what no question followed. Finds out the language: LC_ALL,
// LC_MESSAGES, LANG of the PAM environment, then of the process (sshd empties its own), then the option.
void talk_start(struct talk *talk, pam_handle_t *pamh, const struct options *options, int flags, char **held);
void talk_end(const struct talk *talk);

// A sentence of the table.
void talk_say(const struct talk *talk, enum word word, const char *first, const char *second);
void talk_warn(const struct talk *talk, enum word word, const char *first, const char *second);

// A sentence with a number of seconds or minutes in it.
void talk_say_number(const struct talk *talk, enum word word, int number);

// Text from the daemon, made printable first. NULL and empty are passed over.
void talk_show(const struct talk *talk, const char *text);
void talk_show_warning(const struct talk *talk, const char *text);

// Asks, hiding what is typed unless the option says otherwise. PAM_SUCCESS and an answer to text_forget(), or
// what the conversation failed with. No answer at all is PAM_CONV_ERR.
int talk_ask(const struct talk *talk, enum word word, char **answer);

// Waits for Enter.
int talk_pause(const struct talk *talk, enum word word);

#endif
