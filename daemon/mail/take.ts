// Owns taking a letter out of the queue: from here on nobody knows whether it was sent until somebody writes it down.

import { DAY, later, type Millis } from '../kernel/instant.ts';
import type { WaitingLetter } from '../store/letters.ts';
import type { LetterId } from './letter.ts';
import type { MailParts } from './prepare.ts';

/** Longer than any letter waits: one that ends later was queued by a clock in the future. */
const LONGEST: Millis = 4 * DAY;

/**
 * The letter, marked as being sent; `null` where it is over: taken back, sent, or of no use any more.
 * @throws Fault `store-unavailable`
 */
export async function take({ state, clock }: MailParts, id: LetterId): Promise<WaitingLetter | null> {
  return state.write((t) => {
    const letter = t.letters.begin(id);
    const now = clock.now();
    if (letter && letter.until > now && letter.until <= later(now, LONGEST)) return letter;
    t.letters.end(id, 'failed');
    return null;
  }, 'now');
}
