// Owns the conversation with the person, through the application's PAM conversation function.
// SPDX-License-Identifier: BSD-3-Clause
#include "talk.h"

#include "text.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "zh_CN.UTF-8" is the tag "zh-CN"; "C" and "POSIX" are none, nor is what does not look like one.
static bool read_locale(const char *name, char tag[36]) {
    size_t length = name == NULL ? 0 : strcspn(name, ".@");
    if (length < 2 || length > 35 || strcmp(name, "POSIX") == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '_' && c != '-')
            return false;
        tag[i] = c == '_' ? '-' : c;
    }
    tag[length] = '\0';
    return true;
}

static void find_locale(struct talk *talk, const char *fallback) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    talk->locale[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (read_locale(pam_getenv(talk->pamh, names[i]), talk->locale))
            return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (read_locale(getenv(names[i]), talk->locale))
            return;
    read_locale(fallback, talk->locale);
}

void talk_start(struct talk *talk, pam_handle_t *pamh, const struct options *options, int flags,
                char **held) {
    *held = NULL;
    *talk = (struct talk){
        .pamh = pamh, .silent = ((unsigned)flags & PAM_SILENT) != 0, .held = held, .echo = options->echo};
    find_locale(talk, options->locale);
    talk->chinese = words_are_chinese(talk->locale);
}

void talk_end(const struct talk *talk) {
    text_forget(*talk->held);
    *talk->held = NULL;
}

// Two texts in two lines; NULL when memory is short.
static char *joined(const char *first, const char *second) {
    char *both = malloc(strlen(first) + strlen(second) + 2);
    if (both != NULL)
        stpcpy(stpcpy(stpcpy(both, first), "\n"), second);
    return both;
}

static void hold(const struct talk *talk, const char *text) {
    char *longer = *talk->held == NULL ? strdup(text) : joined(*talk->held, text);
    if (longer == NULL)
        return;
    talk_end(talk);
    *talk->held = longer;
}

static void tell(const struct talk *talk, int style, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    if (talk->silent)
        hold(talk, text);
    else // A conversation that fails here fails at the next question too, where it counts.
        pam_prompt(talk->pamh, style, NULL, "%s", text);
}

static void say(const struct talk *talk, int style, enum word word, const char *first, const char *second) {
    char *text = words(talk->chinese, word, first, second);
    if (text != NULL)
        text_make_printable(text);
    tell(talk, style, text);
    text_forget(text);
}

void talk_say(const struct talk *talk, enum word word, const char *first, const char *second) {
    say(talk, PAM_TEXT_INFO, word, first, second);
}

void talk_warn(const struct talk *talk, enum word word, const char *first, const char *second) {
    say(talk, PAM_ERROR_MSG, word, first, second);
}

void talk_say_number(const struct talk *talk, enum word word, int number) {
    char digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    talk_say(talk, word, digits, NULL);
}

static void show(const struct talk *talk, int style, const char *text) {
    char *printable = text == NULL ? NULL : strdup(text);
    if (printable != NULL)
        text_make_printable(printable);
    tell(talk, style, printable);
    text_forget(printable);
}

void talk_show(const struct talk *talk, const char *text) {
    show(talk, PAM_TEXT_INFO, text);
}

void talk_show_warning(const struct talk *talk, const char *text) {
    show(talk, PAM_ERROR_MSG, text);
}

static int ask(const struct talk *talk, int style, enum word word, char **answer) {
    char *text = words(talk->chinese, word, NULL, NULL);
    if (text != NULL && *talk->held != NULL) {
        char *longer = joined(*talk->held, text);
        talk_end(talk);
        free(text);
        text = longer;
    }
    if (text == NULL)
        return PAM_BUF_ERR;
    *answer = NULL;
    int result = pam_prompt(talk->pamh, style, answer, "%s", text);
    text_forget(text);
    if (result == PAM_SUCCESS && *answer == NULL)
        return PAM_CONV_ERR;
    return result;
}

int talk_ask(const struct talk *talk, enum word word, char **answer) {
    return ask(talk, talk->echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF, word, answer);
}

int talk_pause(const struct talk *talk, enum word word) {
    char *answer;
    int result = ask(talk, PAM_PROMPT_ECHO_ON, word, &answer);
    if (result == PAM_SUCCESS)
        text_forget(answer);
    return result;
}
