// Owns adjtimex(2), reading only: what the kernel thinks of its own clock.

import type { Millis } from '../kernel/instant.ts';
import { libc } from './libc.ts';

const adjtimex = libc.func('int adjtimex(void *timex)');

export interface KernelClock {
  /** Does whoever disciplines the clock say that it is right? */
  readonly synchronised: boolean;
  /** What the kernel takes its error to be; 16 s where nobody disciplines it. */
  readonly maxError: Millis;
  /** What is still to be slewed away. */
  readonly offset: Millis;
  /** The clock itself, milliseconds since 1970. */
  readonly time: number;
}

/** `struct timex` of 64-bit Linux, in bytes from its start. */
const SIZE = 208;
const AT = { offset: 8, maxError: 24, status: 40, seconds: 72, fraction: 80 } as const;
const STA_UNSYNC = 0x0040;
const STA_NANO = 0x2000;
/** What adjtimex returns while the clock is not synchronised. */
const TIME_ERROR = 5;

/** Reads a filled `struct timex`. Offset and fraction are nanoseconds or microseconds, as its status says. */
export function readTimex(state: number, timex: Buffer): KernelClock {
  const status = timex.readInt32LE(AT.status);
  const unit = (status & STA_NANO) === 0 ? 1e3 : 1e6;
  const number = (at: number) => Number(timex.readBigInt64LE(at));
  return {
    synchronised: state !== TIME_ERROR && (status & STA_UNSYNC) === 0,
    maxError: number(AT.maxError) / 1e3,
    offset: number(AT.offset) / unit,
    time: number(AT.seconds) * 1e3 + number(AT.fraction) / unit,
  };
}

/** The kernel's clock now; `null` where the kernel does not say (a sandbox forbids it). */
export function kernelClock(): KernelClock | null {
  const timex = Buffer.alloc(SIZE);
  const state = adjtimex(timex) as number;
  return state < 0 ? null : readTimex(state, timex);
}
