// Owns the search for three consecutive codes on a board that has lost the time: it finds when the phone is.

import { DAY } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';
import { sweep } from './sweep.ts';
import { PERIOD, type Step } from './totp.ts';

/** How far beyond the last known time the phone may be. */
export const REACH: Step = (90 * DAY) / PERIOD;

/** About 1 ms of HMACs on x86, under 10 ms on a small board: then others get their turn. */
export const SLICE: Step = 800;

/**
 * Looks for the codes, in order, from step `from` on (their first code's earliest step), `REACH` steps far.
 * Yields to the event loop between slices through `breathe`.
 * @param codes of six digits each
 * @returns the step of the last code; `null` when they are nowhere in reach.
 */
export async function locate(
  codes: readonly string[],
  secret: Secret,
  from: Step,
  breathe: () => Promise<void>,
): Promise<Step | null> {
  const wanted = codes.map(Number);
  const codeOf = sweep(secret);
  let matched = 0;
  const end = from + REACH;
  for (let slice = from; slice < end; slice += SLICE) {
    for (let step = slice; step < Math.min(slice + SLICE, end); step++) {
      const code = codeOf(step);
      matched = code === wanted[matched] ? matched + 1 : code === wanted[0] ? 1 : 0;
      if (matched === wanted.length) return step;
    }
    await breathe();
  }
  return null;
}
