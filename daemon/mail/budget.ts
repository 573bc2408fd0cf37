// Owns how many letters a day may send, and which are left out first when it is too many.

import type { Lane, Letter } from './letter.ts';

/**
 * Letters of all lanes within 24 h after which a lane is closed. Free mailboxes are cut off at some hundreds a day;
 * what is over 140 is kept for people who cannot get in, and notices stop first.
 */
const CLOSED_AT: Readonly<Record<Lane, number>> = { notice: 100, confirm: 140, reset: 140, emergency: 200 };

/** @param sent letters of every lane within the last 24 h */
export function fits(lane: Lane, sent: number): boolean {
  return sent < CLOSED_AT[lane];
}

/** What two letters have in common when the later one may take the earlier one's place. */
export function topicOf(letter: Letter): string {
  return letter.kind === 'notice' ? letter.event : letter.kind;
}
