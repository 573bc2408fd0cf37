// Owns waiting: moments of CLOCK_MONOTONIC, which neither a clock step nor a signal bends.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef FYGO_DEADLINE_H
#define FYGO_DEADLINE_H

#include <stdint.h>

// Milliseconds of CLOCK_MONOTONIC.
typedef int64_t moment;

moment moment_now(void);

// Milliseconds until then: 0 when it has passed.
int moment_left(moment then);

// Sleeps until then, whatever signals arrive.
void moment_sleep_until(moment then);

#endif
