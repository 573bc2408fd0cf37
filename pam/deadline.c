// Owns waiting: moments of CLOCK_MONOTONIC, which neither a clock step nor a signal bends.
// SPDX-License-Identifier: BSD-3-Clause
#include "deadline.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

moment moment_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int moment_left(moment then) {
    moment left = then - moment_now();
    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void moment_sleep_until(moment then) {
    struct timespec until = {.tv_sec = (time_t)(then / 1000), .tv_nsec = (long)(then % 1000) * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        continue;
}
