// Owns the proof that pairs and triples are tried rarely, and that everybody who waits comes to his turn.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import { PAIR_SLOT, sourceOf, Turns } from '../../daemon/verification/turns.ts';
import { FIXED, lanes } from './arbitrary.ts';

const ALICE = 1;
const BOB = 2;

test('in each half of the door one try a slot, whoever asks, however often, from wherever', () => {
  const asks = fc.array(
    fc.record({
      lane: lanes,
      source: fc.integer({ min: 0, max: 9 }).map(String),
      login: fc.integer({ min: 0, max: 60 }).map(String),
      after: fc.integer({ min: 0, max: 9_000 }),
    }),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(asks, (list) => {
      const turns = new Turns(PAIR_SLOT);
      const tries = new Map<string, number>();
      let at = 0;
      for (const { lane, source, login, after } of list) {
        at += after;
        const turn = turns.ask(ALICE, lane, source, `${source} ${login}`, at);
        if (!turn.go) {
          assert.ok(turn.retryAfter >= SECOND);
          continue;
        }
        const half = `${lane === 'strangers'} ${Math.floor(at / PAIR_SLOT)}`;
        tries.set(half, (tries.get(half) ?? 0) + 1);
      }
      for (const [half, count] of tries) assert.equal(count, 1, half);
    }),
    { ...FIXED, numRuns: 150 },
  );
});

test('accounts do not wait for each other, and known devices not for strangers', () => {
  const turns = new Turns(PAIR_SLOT);
  assert.ok(turns.ask(ALICE, 'strangers', 'a', '1', 0).go);
  assert.ok(!turns.ask(ALICE, 'strangers', 'a', '2', 0).go);
  assert.ok(turns.ask(BOB, 'strangers', 'a', '3', 0).go);
  assert.ok(turns.ask(ALICE, 'known', 'a', '4', 0).go);
  assert.ok(!turns.ask(ALICE, 'step-up', 'a', '5', 0).go, 'they share the half that is kept for them');
});

interface Comer {
  readonly source: string;
  readonly logins: number;
  /** How long after the moment he was told he asks again. */
  readonly late: number;
}

/** Lets comers ask whenever they may, for `slots` slots; how many tries each had. */
function besiege(comers: readonly Comer[], slots: number): number[] {
  const turns = new Turns(PAIR_SLOT);
  const tries = comers.map(() => 0);
  const due = comers.flatMap(({ source, logins, late }, comer) =>
    Array.from({ length: logins }, (_, i) => ({ comer, source, login: `${source} ${i}`, late, at: late })),
  );
  for (;;) {
    const next = due.reduce((first, one) => (one.at < first.at ? one : first));
    if (next.at >= slots * PAIR_SLOT) return tries;
    const turn = turns.ask(ALICE, 'strangers', next.source, next.login, next.at);
    if (turn.go) tries[next.comer] = (tries[next.comer] ?? 0) + 1;
    next.at += turn.go ? SECOND : turn.retryAfter + next.late;
  }
}

test('sources take turns, however many logins one of them opens', () => {
  const many = (source: string, logins: number) => ({ source, logins, late: 0 });
  assert.deepEqual(besiege([many('a', 1), many('b', 1)], 100), [50, 50]);
  for (const tries of besiege([many('a', 4), many('b', 1), many('c', 1)], 99)) {
    assert.ok(tries >= 30 && tries <= 36, `${tries} of 99, a third each`);
  }
  for (const tries of besiege([many('a', 60), many('b', 2), many('c', 1), many('d', 1)], 100)) {
    assert.ok(tries >= 22 && tries <= 28, `${tries} of 100, a quarter each`);
  }
});

test('who comes once and obeys Retry-After is tried in the next slot, though one other source asks all the time', () => {
  for (let arrives = 0; arrives < PAIR_SLOT; arrives += 2_500) {
    for (const logins of [1, 4, 40]) {
      const turns = new Turns(PAIR_SLOT);
      const attack = (from: number, to: number) => {
        for (let at = from; at < to; at += SECOND) {
          for (let i = 0; i < logins; i++) turns.ask(ALICE, 'strangers', 'attacker', `a ${i}`, at);
        }
      };
      const start = 10 * PAIR_SLOT + arrives;
      attack(0, start);
      let at = start;
      while (at - start <= 5 * PAIR_SLOT) {
        const turn = turns.ask(ALICE, 'strangers', 'owner', 'o', at);
        if (turn.go) break;
        attack(at, at + turn.retryAfter);
        at += turn.retryAfter;
      }
      assert.ok(at - start <= PAIR_SLOT, `arrived ${arrives} ms into a slot: waited ${at - start} ms`);
    }
  }
});

test('sixteen sources that hold every place leave room for one more source', () => {
  const turns = new Turns(PAIR_SLOT);
  const attack = (at: number) => {
    // Twice: whoever had the try takes a place again at once.
    for (let n = 0; n < 2 * 64; n++) {
      const [source, i] = [n % 16, Math.floor(n / 16) % 4];
      turns.ask(ALICE, 'strangers', `s${source}`, `${source} ${i}`, at);
    }
  };
  attack(0);
  let slots = 0;
  for (let at = 1; !turns.ask(ALICE, 'strangers', 'owner', 'o', at).go; at += PAIR_SLOT) {
    attack(at);
    assert.ok(++slots <= 17, `not tried after ${slots} slots`);
  }
});

test('somebody who went away does not hold up the next in line, and loses his place', () => {
  const turns = new Turns(PAIR_SLOT);
  assert.ok(turns.ask(ALICE, 'strangers', 'a', '1', 0).go);
  assert.ok(!turns.ask(ALICE, 'strangers', 'b', 'gone', 1_000).go);
  assert.ok(!turns.ask(ALICE, 'strangers', 'c', 'here', 2_000).go);
  const slot = PAIR_SLOT;
  assert.ok(!turns.ask(ALICE, 'strangers', 'c', 'here', slot).go, 'the first in line has a head start');
  assert.ok(turns.ask(ALICE, 'strangers', 'c', 'here', slot + 10 * SECOND).go);
  assert.ok(turns.ask(ALICE, 'strangers', 'd', 'new', 16 * MINUTE).go, 'nobody is waited for any more');
});

test('a source is an address, a /64 of IPv6, an address in either spelling, or nothing', () => {
  const same = (...list: (string | undefined)[]) =>
    assert.equal(new Set(list.map(sourceOf)).size, 1, list.join());
  same(
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff:ffff:ffff:ffff',
    '[2001:db8:1:2::1]',
    '2001:0db8:0001:0002::9%eth0',
  );
  same('192.0.2.1', '::ffff:192.0.2.1', '::FFFF:192.0.2.1');
  same(undefined, undefined);
  same('::1', '::2', '0:0:0:0:1::');
  const different = [
    '192.0.2.1',
    '192.0.2.2',
    '2001:db8:1:2::1',
    '2001:db8:1:3::1',
    'fe80::1',
    '::1',
    undefined,
  ];
  assert.equal(new Set(different.map(sourceOf)).size, different.length);
});
