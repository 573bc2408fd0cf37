// Owns the two calls that change the time of the machine: clock_settime(2), and RTC_SET_TIME of rtc(4).

import { errno, errorNumber, libc } from './libc.ts';

const clockSettime = libc.func('int clock_settime(int clock, const void *timespec)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, const void *argument)');

const CLOCK_REALTIME = 0;
const RTC_SET_TIME = 0x4024_700an;
const EPERM = errorNumber('EPERM');

export type Called = 'done' | 'not-permitted' | 'failed';

const outcome = (result: number): Called =>
  result === 0 ? 'done' : errno() === EPERM ? 'not-permitted' : 'failed';

/** Steps the system clock. @param time milliseconds since 1970 */
export function setSystemClock(time: number): Called {
  return outcome(clockSettime(CLOCK_REALTIME, timespecOf(time)) as number);
}

/** Writes a real-time clock that keeps UTC. @param fd an open /dev/rtc */
export function setRealTimeClock(fd: number, time: number): Called {
  return outcome(ioctl(fd, RTC_SET_TIME, rtcTimeOf(time)) as number);
}

/** `struct timespec` of 64-bit Linux. */
export function timespecOf(time: number): Buffer {
  const timespec = Buffer.alloc(16);
  const seconds = Math.floor(time / 1e3);
  timespec.writeBigInt64LE(BigInt(seconds), 0);
  timespec.writeBigInt64LE(BigInt(Math.floor((time - seconds * 1e3) * 1e6)), 8);
  return timespec;
}

/** `struct rtc_time`: second, minute, hour, day, month from 0, years since 1900, and three that are not read. */
export function rtcTimeOf(time: number): Int32Array {
  const at = new Date(time);
  return Int32Array.of(
    at.getUTCSeconds(),
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth(),
    at.getUTCFullYear() - 1900,
    0,
    0,
    0,
  );
}
