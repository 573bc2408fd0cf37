// Owns an application that logs in through PAM from a private configuration folder, as often and as parallel
// as asked, with answers from standard input; it prints what a person would have seen.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWERS_MOST 64
#define THREADS_MOST 64

struct plan {
    const char *folder, *service, *user, *host, *tty, *operation;
    int flags;
    int repeat;
    // One login alone reads each answer when it is asked for, so that it can depend on what was shown.
    bool answer_as_asked;
    char *answers[ANSWERS_MOST];
    int answer_count;
};

struct run {
    struct plan *plan;
    bool loud;
    int next;
    int first_result;
    int different;
};

static void print_lines(const char *label, const char *text) {
    printf("%s: ", label);
    for (; *text != '\0'; text++) {
        putchar(*text);
        if (*text == '\n')
            printf("%s: ", label);
    }
    putchar('\n');
}

static const char *label_of(int style) {
    switch (style) {
    case PAM_PROMPT_ECHO_OFF:
        return "hidden";
    case PAM_PROMPT_ECHO_ON:
        return "shown ";
    case PAM_ERROR_MSG:
        return "error ";
    default:
        return "info  ";
    }
}

static bool read_answer(struct plan *plan) {
    char line[1024];
    if (plan->answer_count >= ANSWERS_MOST || fgets(line, sizeof line, stdin) == NULL)
        return false;
    line[strcspn(line, "\n")] = '\0';
    plan->answers[plan->answer_count++] = strdup(line);
    return true;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses,
                    void *data) {
    struct run *run = data;
    *responses = calloc((size_t)count, sizeof **responses);
    for (int i = 0; i < count; i++) {
        int style = messages[i]->msg_style;
        if (run->loud)
            print_lines(label_of(style), messages[i]->msg);
        if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON)
            continue;
        if (run->plan->answer_as_asked)
            read_answer(run->plan);
        if (run->next >= run->plan->answer_count) {
            free(*responses);
            *responses = NULL;
            return PAM_CONV_ERR;
        }
        (*responses)[i].resp = strdup(run->plan->answers[run->next++]);
    }
    return PAM_SUCCESS;
}

static int operate(pam_handle_t *pamh, const struct plan *plan) {
    if (strcmp(plan->operation, "chauthtok") == 0)
        return pam_chauthtok(pamh, plan->flags);
    if (strcmp(plan->operation, "setcred") == 0) {
        int result = pam_authenticate(pamh, plan->flags);
        return result == PAM_SUCCESS ? pam_setcred(pamh, PAM_ESTABLISH_CRED) : result;
    }
    if (strcmp(plan->operation, "acct_mgmt") == 0)
        return pam_acct_mgmt(pamh, plan->flags);
    return pam_authenticate(pamh, plan->flags);
}

static int once(struct run *run) {
    struct pam_conv conversation = {.conv = converse, .appdata_ptr = run};
    const struct plan *plan = run->plan;
    pam_handle_t *pamh;
    int result = pam_start_confdir(plan->service, plan->user, &conversation, plan->folder, &pamh);
    if (result != PAM_SUCCESS)
        return result;
    if (plan->host != NULL)
        pam_set_item(pamh, PAM_RHOST, plan->host);
    if (plan->tty != NULL)
        pam_set_item(pamh, PAM_TTY, plan->tty);
    result = operate(pamh, plan);
    if (run->loud)
        printf("result: %d %s\n", result, pam_strerror(pamh, result));
    pam_end(pamh, result);
    return result;
}

static void *repeat(void *data) {
    struct run *run = data;
    bool loud = run->loud;
    for (int i = 0; i < run->plan->repeat; i++) {
        run->next = 0;
        run->loud = loud && i == 0;
        int result = once(run);
        if (i == 0)
            run->first_result = result;
        else if (result != run->first_result)
            run->different++;
    }
    return NULL;
}

static int open_files(void) {
    int count = 0;
    for (int fd = 0; fd < 256; fd++) {
        int copy = dup(fd);
        if (copy >= 0) {
            count++;
            close(copy);
        }
    }
    return count;
}

int main(int argc, char **argv) {
    struct plan plan = {.operation = "authenticate", .repeat = 1};
    int threads = 1;
    for (int option; (option = getopt(argc, argv, "n:t:r:o:y:s")) != -1;) {
        if (option == 'n')
            plan.repeat = atoi(optarg);
        else if (option == 't')
            threads = atoi(optarg);
        else if (option == 'r')
            plan.host = optarg;
        else if (option == 'y')
            plan.tty = optarg;
        else if (option == 'o')
            plan.operation = optarg;
        else
            plan.flags |= (int)PAM_SILENT;
    }
    if (argc - optind != 3 || threads < 1 || threads > THREADS_MOST)
        return 64;
    plan.folder = argv[optind];
    plan.service = argv[optind + 1];
    plan.user = argv[optind + 2];
    setvbuf(stdout, NULL, _IOLBF, 0);
    plan.answer_as_asked = threads == 1 && plan.repeat == 1;
    while (!plan.answer_as_asked && read_answer(&plan))
        continue;
    int files = open_files();
    struct run runs[THREADS_MOST];
    pthread_t handles[THREADS_MOST];
    for (int i = 0; i < threads; i++) {
        runs[i] = (struct run){.plan = &plan, .loud = threads == 1};
        pthread_create(&handles[i], NULL, repeat, &runs[i]);
    }
    int different = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        different += runs[i].different + (runs[i].first_result != runs[0].first_result);
    }
    if (plan.repeat * threads > 1)
        printf("logins: %d, different results: %d, result: %d\n", plan.repeat * threads, different,
               runs[0].first_result);
    if (open_files() != files)
        printf("file descriptors leaked: %d\n", open_files() - files);
    for (int i = 0; i < plan.answer_count; i++)
        free(plan.answers[i]);
    return runs[0].first_result == PAM_SUCCESS && different == 0 ? 0 : 1;
}
