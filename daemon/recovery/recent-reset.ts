// Owns how long a password that was reset by mail takes the mailbox's word away as a second step. Pure.

import { HOUR, type Instant, type Millis } from '../kernel/instant.ts';

export const RECENT: Millis = 72 * HOUR;

/**
 * Was the password reset by mail so lately that the mailbox alone must not pass a second step? Whoever has it would
 * have both factors. A clock that was put back a little does not shorten it; one that was put back by more than the
 * whole time has recorded a moment that says nothing.
 * @param at when; `null` for never, or not since a login by another method
 */
export function isRecentReset(at: Instant | null, now: Instant): boolean {
  return at !== null && Math.abs(now - at) < RECENT;
}
