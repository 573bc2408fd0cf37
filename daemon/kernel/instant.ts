// Owns what a moment is. The only file that reads the wall clock; everywhere else time comes in as an argument.

declare const brand: unique symbol;

/** A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [brand]: 'Instant' };

/** A length of time in milliseconds. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

/** The instant that many milliseconds after the epoch. @throws RangeError unless `ms` is finite. */
export function instant(ms: number): Instant {
  if (!Number.isFinite(ms)) throw new RangeError('an instant is a finite number of milliseconds');
  return Math.trunc(ms) as Instant;
}

export function later(at: Instant, by: Millis): Instant {
  return instant(at + by);
}

/** What the system clock shows, right or wrong. */
export function wallClock(): Instant {
  return Date.now() as Instant;
}

/** RFC 3339 in UTC, e.g. `2026-11-24T08:00:00.000Z`. */
export function toRfc3339(at: Instant): string {
  return new Date(at).toISOString();
}

/** What the rest of the daemon may ask about time. */
export interface Clock {
  /** Corrected time: what codes, expiries and waits are judged by. Never before the floor. */
  now(): Instant;
  /** Milliseconds that really passed since some fixed moment; neither steps nor slewing bend it. */
  elapsed(): Millis;
  /** How far `now()` can be relied on. */
  trust(): ClockTrust;
}

/**
 * `trusted`: several time servers agree. `plausible`: nobody confirmed it, nothing contradicts it. `unconfirmed`: it was
 * asked for and nobody confirmed it. `below-floor`: the system clock shows a time that is known to be past.
 */
export type ClockTrust = 'trusted' | 'plausible' | 'unconfirmed' | 'below-floor';
