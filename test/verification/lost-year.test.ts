// Owns the proof that a year of guessing on a board that lost the time stays under the bound of the whole design.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, type Millis, SECOND } from '../../daemon/kernel/instant.ts';
import { REACH } from '../../daemon/verification/locate.ts';
import { TRIPLE_SLOT, Turns } from '../../daemon/verification/turns.ts';

/** Every place in the search is a chance of one in a million for each of the three codes. */
const HIT = REACH * 1e-18;
const BOUND = 1e-4;

/** Tries an attacker gets in so many days, asking as `sources` addresses every `pause`, as a stranger and as a known browser. */
function triesIn(days: number, sources: number, pause: Millis): number {
  const turns = new Turns(TRIPLE_SLOT);
  let tries = 0;
  let n = 0;
  for (let at = 0; at < days * DAY; at += pause) {
    for (const lane of ['strangers', 'known'] as const) {
      n++;
      if (turns.ask(1, lane, `source ${n % sources}`, `login ${n % 60}`, at).go) tries++;
    }
  }
  return tries;
}

test('three codes, asked for all year, from one address or fifty: under 1 in 10,000', () => {
  const worst = Math.max(
    triesIn(365, 1, 90 * SECOND),
    triesIn(1, 1, SECOND) * 365,
    triesIn(1, 50, 5 * SECOND) * 365,
  );
  const chance = worst * HIT;
  assert.ok(worst > 100_000, `the attacker is not idle: ${worst}`);
  assert.ok(chance < BOUND / 100, `${worst} tries, chance ${chance}`);
});

test('even if every minute gave its two tries, it would be a hundredth of the bound', () => {
  assert.ok(2 * 365 * 24 * 60 * HIT < BOUND / 100);
});
