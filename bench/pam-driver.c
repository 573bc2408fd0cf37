// Owns one run of logins through PAM in one process: pam_start to pam_end for each line "user hex-seed" of stdin.
// Prints the microseconds of each login that succeeded and, at last, how many did not.

#include <liboath/oath.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char code[7];

static int converse(int count, const struct pam_message **messages, struct pam_response **answers, void *data)
{
    (void)data;
    *answers = calloc((size_t)count, sizeof **answers);
    if (*answers == NULL)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        int style = messages[i]->msg_style;
        if (style == PAM_PROMPT_ECHO_OFF || style == PAM_PROMPT_ECHO_ON)
            (*answers)[i].resp = strdup(code);
    }
    return PAM_SUCCESS;
}

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    char user[64], seed[64], bytes[32];
    long failed = 0;
    if (argc != 3 || oath_init() != OATH_OK) {
        fprintf(stderr, "usage: pam-driver CONFDIR SERVICE < users\n");
        return 64;
    }
    while (scanf("%63s %63s", user, seed) == 2) {
        size_t length = sizeof bytes;
        if (oath_hex2bin(seed, bytes, &length) != OATH_OK ||
            oath_totp_generate(bytes, length, time(NULL), 30, 0, 6, code) != OATH_OK)
            return 1;
        struct pam_conv talk = {converse, NULL};
        pam_handle_t *handle = NULL;
        double began = now();
        int result = pam_start_confdir(argv[2], user, &talk, argv[1], &handle);
        if (result == PAM_SUCCESS)
            result = pam_authenticate(handle, 0);
        pam_end(handle, result);
        double ended = now();
        if (result == PAM_SUCCESS)
            printf("%.1f\n", ended - began);
        else
            failed++;
    }
    printf("failed %ld\n", failed);
    return failed == 0 ? 0 : 1;
}
