// Owns the proof that the owner gets in soon: after typos, under a year of attacks, and beside an attacker in line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Millis, SECOND } from '../../daemon/kernel/instant.ts';
import { type Lane, UNIT } from '../../daemon/verification/throttle.ts';
import { PERIOD } from '../../daemon/verification/totp.ts';
import { PAIR_SLOT } from '../../daemon/verification/turns.ts';
import { TestAccount } from './account.ts';
import { attack, BareDoor } from './attack.ts';

/** Where in a time step, and in a slot, the owner comes: every combination, four seconds apart. */
const PHASES: readonly (readonly [step: Millis, slot: Millis])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((step) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((slot) => [step * 4_000, slot * 4_000] as const),
);

/** An account at a certain point of a step and of a slot. */
function arrive([step, slot]: readonly [Millis, Millis], changed = {}): TestAccount {
  const account = new TestAccount(changed);
  account.pass(step - (account.now % PERIOD));
  account.elapsed = 20 * PAIR_SLOT + slot;
  return account;
}

/** Everybody else, who acts while the owner waits, second by second. */
type Others = (account: TestAccount) => void;
const nobody: Others = () => {};

function wait(account: TestAccount, by: Millis, others: Others): void {
  for (let left = by; left > 0; left -= SECOND) {
    account.pass(Math.min(SECOND, left));
    others(account);
  }
}

/**
 * What an owner does who is told what to do: types a code, waits as long as he is told, and where two are asked for
 * types the one he sees and the next. Gives the time from his first try on; typing takes none.
 */
function getsIn(
  account: TestAccount,
  lane: Lane,
  paid: readonly number[],
  phone: number,
  others = nobody,
): Millis {
  const began = account.elapsed;
  const how = { lane, source: 'owner', login: 'owner', paid };
  for (let tries = 0; tries < 20; tries++) {
    let typed = account.codes(phone);
    if (account.demand(lane).form === 'pair') {
      wait(account, PERIOD - (account.now % PERIOD), others);
      typed = account.codes(phone - 1, phone);
    }
    for (;;) {
      const result = account.tries(typed, how);
      if (result.kind === 'accepted') return account.elapsed - began;
      if (result.kind === 'refused') break;
      wait(account, result.retryAfter, others);
      if (account.demand(lane).form === 'single') typed = account.codes(phone);
    }
  }
  throw new Error('the owner did not get in');
}

test('who mistypes five times is in within a minute, whatever his phone is like and whenever it happens', (t) => {
  const typo = new TestAccount().wrong();
  for (const drift of [0, -1, 1] as const) {
    let longest = 0;
    for (const phase of PHASES) {
      const account = arrive(phase, { drift });
      const began = account.elapsed;
      const paid: number[] = [];
      while (paid.length < 5) {
        const result = account.tries(typo, { source: 'owner', login: 'owner', paid });
        if (result.kind === 'wait') wait(account, result.retryAfter, nobody);
        else if (result.kind === 'refused' && result.cost !== null) paid.push(result.cost);
        else throw new Error('a typo was not looked at');
      }
      getsIn(account, 'strangers', paid, drift);
      longest = Math.max(longest, account.elapsed - began);
      assert.ok(account.factor.bucket > 19.9 * UNIT, 'what his typos cost comes back');
    }
    t.diagnostic(`five typos, drift ${drift}: in after ${longest / SECOND} s at most`);
    assert.ok(longest <= 60 * SECOND, `${longest} ms`);
  }
});

/** Strangers who ask for a pair all the time, and somebody in a session of this user who does so too. */
function besiegers(lanes: readonly Lane[]): Others {
  return (account) => {
    for (const lane of lanes) {
      for (let i = 0; i < 4; i++) {
        account.tries('000000 000000', { lane, source: `attacker ${lane}`, login: `${lane} ${i}` });
      }
    }
  };
}

test('under a year of attacks an owner with a known device is in within a minute at any moment', (t) => {
  const door = new BareDoor(0, false);
  const sampled: number[] = [];
  const every = Math.floor((365 * 2_880) / PHASES.length);
  attack(door, 365, (slot) => {
    if (slot % every === 0 && sampled.length < PHASES.length) sampled.push(door.state.bucket);
  });
  assert.equal(sampled.length, PHASES.length);
  const cases = [
    { lanes: ['strangers'], how: 'with his password' },
    { lanes: ['strangers', 'step-up'], how: 'with his password and one of his sessions' },
  ] as const;
  for (const { lanes, how } of cases) {
    let longest = 0;
    for (const [moment, phase] of PHASES.entries()) {
      const account = arrive(phase);
      account.change({ bucket: sampled[moment] ?? 0, bucketAt: account.now });
      const others = besiegers(lanes);
      others(account);
      longest = Math.max(longest, getsIn(account, 'known', [], 0, others));
    }
    t.diagnostic(
      `known device, attacker ${how}: in after ${longest / SECOND} s at most, ${sampled.length} moments`,
    );
    assert.ok(longest <= 60 * SECOND, `${longest} ms`);
  }
});

test('without a known device his pair is tried within 90 s, though another source asks all the time', (t) => {
  let longest = 0;
  for (const phase of PHASES) {
    const account = arrive(phase, { bucket: 0 });
    const others = besiegers(['strangers']);
    others(account);
    longest = Math.max(longest, getsIn(account, 'strangers', [], 0, others));
  }
  t.diagnostic(`no known device, one other source attacks: in after ${longest / SECOND} s at most`);
  assert.ok(longest <= 90 * SECOND, `${longest} ms`);
});
