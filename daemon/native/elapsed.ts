// Owns elapsed time: CLOCK_MONOTONIC_RAW plus the time spent suspended; neither steps nor slewing bend it.

import type { Millis } from '../kernel/instant.ts';
import { libc } from './libc.ts';

const clockGettime = libc.func('int clock_gettime(int clock, void *timespec)');

/** clockid_t of clock_gettime(2). */
export const CLOCK_MONOTONIC = 1;
export const CLOCK_MONOTONIC_RAW = 4;
export const CLOCK_BOOTTIME = 7;

/** Reads one of the kernel's clocks, in milliseconds. */
export type ReadClock = (clock: number) => Millis;

/** `struct timespec` of 64-bit little-endian Linux: seconds (low, high word), nanoseconds (low, high word). */
const timespec = new Int32Array(4);

const kernelClock: ReadClock = (clock) => {
  clockGettime(clock, timespec);
  const [low = 0, high = 0, nanoseconds = 0] = timespec;
  return ((low >>> 0) + high * 2 ** 32) * 1_000 + nanoseconds / 1e6;
};

/** No suspend is shorter; two clocks that are read one after the other differ by less, unless preempted. */
const NOISE: Millis = 1;
const TRIES = 10;

/** CLOCK_BOOTTIME − CLOCK_MONOTONIC, read until nothing came between the readings. */
function measureSuspended(read: ReadClock): Millis {
  let best = { width: Number.POSITIVE_INFINITY, suspended: 0 };
  for (let attempt = 0; attempt < TRIES && best.width >= NOISE; attempt += 1) {
    const before = read(CLOCK_MONOTONIC);
    const boot = read(CLOCK_BOOTTIME);
    const width = read(CLOCK_MONOTONIC) - before;
    if (width < best.width) best = { width, suspended: boot - before - width / 2 };
  }
  return best.suspended;
}

/**
 * Milliseconds that really passed since some fixed moment, suspend included. Never falls. Three readings a
 * call; the time in suspend is taken anew only where it visibly changed, so that it adds no jitter.
 */
export function elapsedFrom(read: ReadClock): () => Millis {
  let suspended = measureSuspended(read);
  return () => {
    const seen = read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
    if (Math.abs(seen - suspended) > NOISE) suspended = Math.max(suspended, measureSuspended(read));
    return read(CLOCK_MONOTONIC_RAW) + suspended;
  };
}

/** `elapsedFrom` the kernel: three vDSO calls, some 0.4 µs. */
export const elapsed = elapsedFrom(kernelClock);
