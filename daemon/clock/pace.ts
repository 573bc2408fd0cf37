// Owns how soon the servers are asked again: quickly until they agree, then every half hour. Pure.

import { MINUTE, type Millis, SECOND } from '../kernel/instant.ts';

/** How far the half hour is moved at random, so that a street of NASes does not ask in one second. */
export const JITTER: Millis = 25 * SECOND;
const FIRST: Millis = 2 * SECOND;
const LONGEST: Millis = 15 * MINUTE;

/**
 * The pause after `failures` checks in a row without a quorum: 2 s, 4, 8 … up to 15 minutes; `null` after a success,
 * when the half-hourly job is enough.
 * @param chance uniform in [0, 1): moves the pause by up to a quarter.
 */
export function pauseAfter(failures: number, chance: number): Millis | null {
  if (failures === 0) return null;
  const pause = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20));
  return pause * (1 + chance / 4);
}
