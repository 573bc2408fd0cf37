// Owns the proof that guessing does not get in: a virtual year against every lane at once, and a check of its accounts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import { BUCKET_FULL } from '../../daemon/verification/throttle.ts';
import { BareMailDoor, guessFor, MAILED_CHANCE } from '../recovery/guesser.ts';
import { wrongCode } from '../vectors/truth.ts';
import { TestAccount } from './account.ts';
import { edges } from './arbitrary.ts';
import { attack, BareDoor, chanceOf, RealDoor } from './attack.ts';

const BOUND = 1e-4;

test('at the bare rules an attacker has the same looks as at the real ones', () => {
  for (const drift of [0, 1] as const) {
    const bare = attack(new BareDoor(drift, false), 0.5);
    assert.deepEqual(attack(new RealDoor(drift), 0.5), bare);
    assert.equal(bare.singles, Math.floor(20 / new BareDoor(drift, false).window));
    assert.ok(bare.strangersPairs < 100, 'strangers are closed out within a hundred failures');
    assert.ok(bare.closedAt !== null && bare.closedAt < 100, `closed in slot ${bare.closedAt}`);
    assert.ok(bare.pairs > 1_400, 'one a slot in the half that is never closed');
  }
});

test('guessing success in a virtual year, every lane at once, stays under the bound', (t) => {
  // A learned offset widens the window to four codes; an owner who keeps logging in as a stranger keeps his door open.
  const cases = [
    { drift: 0, reopened: false },
    { drift: 1, reopened: true },
  ] as const;
  let worst = 0;
  for (const { drift, reopened } of cases) {
    const door = new BareDoor(drift, reopened);
    const ledger = attack(door, 365);
    const chance = chanceOf(ledger, door.window);
    const how = reopened ? 'never closed to strangers' : 'closed to strangers at 100';
    t.diagnostic(
      `window ${door.window}, ${how}: ${ledger.singles} single codes, ${ledger.pairs} pairs looked at: ${chance.toExponential(3)}`,
    );
    assert.ok(ledger.singles * door.window <= 20 + 68.5, 'the bucket never lends');
    assert.ok(ledger.pairs <= 2 * 365 * 2_880, 'two tries a slot');
    worst = Math.max(worst, chance);
  }
  // He guesses mailed codes too, in every lane that has them.
  const mailed = guessFor(new BareMailDoor(), 365);
  assert.equal(mailed, 5 * 6 * 5 * 24 * 365, 'five lanes, six mails an hour, five tries');
  t.diagnostic(`mailed codes: ${mailed} looked at: ${(mailed * MAILED_CHANCE).toExponential(3)}`);
  worst += mailed * MAILED_CHANCE;
  t.diagnostic(`guessing success in a virtual year: ${worst.toExponential(3)} (bound 1e-4)`);
  assert.ok(worst < BOUND);
  assert.ok(worst > BOUND / 2, 'the attacker of this test does not waste his guesses');
});

/** Reproducible draws (mulberry32). */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

test('the accounts are right: with few codes to choose from, successes come as often as they say', (t) => {
  const draw = drawing(20_261_124);
  const account = new TestAccount();
  let expected = 0;
  let variance = 0;
  let successes = 0;
  // Right now, right earlier, right soon (which is burnt when it is tried), and right at no time.
  const space = [-9, -5, -3, -2, -1, 0, 1, 2, 3, 4, 6, ...Array<null>(9).fill(null)];
  const rounds = 1_000;
  const told = new Set<number>();
  let opened = 0;
  const wrong = wrongCode(account.phone, account.step - 130, account.step + 3_000);
  for (let round = 0; round < rounds; round++) {
    account.pass((1 + draw(3)) * 15 * SECOND);
    account.change({ bucket: BUCKET_FULL, bucketAt: account.now, strangersFailures: 0, drift: 0 });
    const { step } = account;
    const { lowest, highest } = edges(0);
    const offset = space[draw(space.length)] ?? null;
    const right = space.filter((one) => {
      if (one === null || one < lowest || one > highest) return false;
      return step + one > opened && !told.has(step + one);
    });
    const chance = right.length / space.length;
    expected += chance;
    variance += chance * (1 - chance);
    const accepted = account.tries(offset === null ? wrong : account.codes(offset)).kind === 'accepted';
    assert.ok(!accepted || right.includes(offset), 'only an unspent code that nobody was told of opens');
    if (accepted) successes++;
    if (accepted) opened = step + (offset ?? 0);
    else if (offset !== null && offset > highest) told.add(step + offset);
  }
  const deviations = (successes - expected) / Math.sqrt(variance);
  t.diagnostic(`${rounds} guesses among 20 codes: ${successes} right, ${expected.toFixed(1)} expected`);
  assert.ok(expected > 50, 'enough of them to tell');
  assert.ok(Math.abs(deviations) < 3.5, `${deviations.toFixed(1)} standard deviations off`);
});

test('the accounts of pairs are right too', (t) => {
  const draw = drawing(4_226);
  const account = new TestAccount({ bucket: 0 });
  let expected = 0;
  let successes = 0;
  const rounds = 1_500;
  for (let round = 0; round < rounds; round++) {
    account.pass(2 * MINUTE);
    account.change({ bucket: 0, bucketAt: account.now, strangersFailures: 0, drift: 0 });
    // Six codes for each of the two places, of which neighbours from three places of the window are right.
    const space = [-2, -1, 0, 1, 5, 9].map((offset) => account.codes(offset));
    const pick = () => space[draw(space.length)] as string;
    expected += 3 / space.length ** 2;
    if (account.tries(`${pick()} ${pick()}`).kind === 'accepted') successes++;
  }
  const deviations = (successes - expected) / Math.sqrt(expected);
  t.diagnostic(`${rounds} pairs among 36: ${successes} right, ${expected.toFixed(1)} expected`);
  assert.ok(Math.abs(deviations) < 3.5, `${deviations.toFixed(1)} standard deviations off`);
});
