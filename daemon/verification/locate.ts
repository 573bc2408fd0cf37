// Owns the search for three consecutive codes on a board that has lost the time: it finds when the phone is.

import { DAY } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';
import { sameCode } from './judge.ts';
import { codeAt, PERIOD, type Step } from './totp.ts';

/** How far beyond the last known time the phone may be. */
export const REACH: Step = (90 * DAY) / PERIOD;

/** Well under 10 ms of HMACs on x86, about that on a small board: then others get their turn. */
export const SLICE: Step = 400;

/**
 * Looks for the codes, in order, from step `from` on (their first code's earliest step), `REACH` steps far.
 * Yields to the event loop between slices through `breathe`.
 * @returns the step of the last code; `null` when they are nowhere in reach.
 */
export async function locate(
  codes: readonly string[],
  secret: Secret,
  from: Step,
  breathe: () => Promise<void>,
): Promise<Step | null> {
  let matched = 0;
  const end = from + REACH;
  for (let slice = from; slice < end; slice += SLICE) {
    for (let step = slice; step < Math.min(slice + SLICE, end); step++) {
      const code = codeAt(secret, step);
      matched = sameCode(codes[matched] ?? '', code) ? matched + 1 : sameCode(codes[0] ?? '', code) ? 1 : 0;
      if (matched === codes.length) return step;
    }
    await breathe();
  }
  return null;
}
