// Owns how far a phone's clock may be from ours: the learned offset and the window that follows from it.

import type { Step } from './totp.ts';

/** The learned offset of a phone in whole steps: −1 slow, +1 fast. */
export type Drift = -1 | 0 | 1;

/** How far enrolment looks for the first code, only to say how wrong the phone's clock is. */
export const ENROLMENT_REACH = 5;

/** Offsets that are accepted: one step either side of the learned offset and of zero. Three or four of them. */
export function windowOf(drift: Drift): readonly number[] {
  const lowest = Math.min(0, drift) - 1;
  const highest = Math.max(0, drift) + 1;
  return Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i);
}

/**
 * The offset to remember after a code matched `offset` steps away: one step towards what was seen, so that a
 * person who types slowly once is not taken for a slow phone for ever.
 */
export function learn(drift: Drift, offset: number): Drift {
  return clamp(drift + Math.sign(offset - drift));
}

/** At the edge of what is accepted: worth telling the person before it stops working. */
export function nearEdge(offset: number): boolean {
  return Math.abs(offset) >= 2;
}

/** The first learned offset, from the code that enrolled; `null` when the phone is too far off to enrol. */
export function driftAtEnrolment(offset: number): Drift | null {
  return Math.abs(offset) <= 1 ? clamp(offset) : null;
}

function clamp(offset: Step): Drift {
  return offset > 0 ? 1 : offset < 0 ? -1 : 0;
}
