// Owns the proof that a board which ran in the future locks nobody out, and opens to no code a second time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, SECOND } from '../../daemon/kernel/instant.ts';
import { TestAccount } from './account.ts';
import { NOW } from './arbitrary.ts';

const because = (result: { kind: string; because?: string }) => result.because ?? result.kind;

/** Logins at these steps while nobody vouches for the clock, then the right time, by agreement of servers. */
function cameBackFrom(...ahead: readonly number[]): TestAccount {
  const account = new TestAccount();
  for (const steps of ahead) {
    account.setClock(NOW + steps);
    assert.equal(account.tries(account.codes(0)).kind, 'accepted');
  }
  account.setClock(NOW);
  return account;
}

test('with a clock that nobody vouches for nothing moves back', () => {
  const account = cameBackFrom(5_000);
  assert.equal(account.demand().form, 'single');
  assert.equal(because(account.tries(account.codes(0))), 'used-code');
  assert.equal(because(account.tries(account.codes(-1, 0))), 'used-code');
  assert.equal(account.factor.lastStep, NOW + 5_000);
});

test('once servers agree two codes are asked for, they open, and one is enough from then on', () => {
  const account = cameBackFrom(5_000);
  account.trust = 'trusted';
  assert.equal(account.demand().form, 'pair');
  assert.equal(because(account.tries(account.codes(0))), 'form-required');
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
  assert.equal(account.factor.lastStep, NOW);
  assert.equal(because(account.tries(account.codes(0), { login: 'again' })), 'used-code');
  account.pass(30 * SECOND);
  assert.equal(account.demand().form, 'single');
  assert.equal(because(account.tries(account.codes(-2, -1))), 'used-code', 'the pair again');
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
});

test('what was spent in the future stays spent when the future comes', () => {
  const spent = [1_000, 1_001, 2_500, 5_000, 5_001];
  const account = cameBackFrom(...spent);
  account.trust = 'trusted';
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
  for (const steps of spent) {
    account.setClock(NOW + steps);
    account.elapsed += DAY;
    assert.equal(because(account.tries(account.codes(0), { lane: 'known' })), 'used-code', `step ${steps}`);
  }
  account.setClock(NOW + 5_002);
  assert.equal(account.tries(account.codes(0), { lane: 'known' }).kind, 'accepted');
});

test('a restore under a clock in the future locks nobody out once servers agree', () => {
  const account = new TestAccount({ earliestStep: NOW + 5_000, pairFirst: 1 });
  assert.equal(because(account.tries(account.codes(-1, 0))), 'used-code');
  account.pass(90 * SECOND);
  account.elapsed += DAY;
  assert.equal(because(account.tries(account.codes(-1, 0))), 'used-code', 'nobody vouches for the time yet');
  account.trust = 'trusted';
  account.elapsed += DAY;
  const recorded = account.codes(-1, 0);
  assert.equal(because(account.tries(recorded)), 'used-code', 'what began before this moment');
  account.pass(30 * SECOND);
  account.elapsed += DAY;
  assert.equal(because(account.tries(recorded)), 'used-code');
  account.pass(60 * SECOND);
  account.elapsed += DAY;
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
});

test('a pair and the enrolling code that were spent in the future stay spent too', () => {
  const account = new TestAccount({ enrolledStep: NOW + 400, lastStep: NOW + 400 });
  account.setClock(NOW + 600);
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
  account.setClock(NOW + 800);
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
  account.setClock(NOW);
  account.trust = 'trusted';
  account.elapsed += DAY;
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
  for (const steps of [400, 599, 600, 800]) {
    account.setClock(NOW + steps);
    assert.equal(because(account.tries(account.codes(0), { lane: 'known' })), 'used-code', `step ${steps}`);
  }
});

test('what is remembered step by step is forgotten with trusted time, and after a week without it', () => {
  const account = new TestAccount();
  for (let day = 0; day < 30; day++) {
    assert.equal(account.tries(account.codes(0)).kind, 'accepted');
    account.pass(DAY);
  }
  assert.ok(account.burnt.size <= 8, `${account.burnt.size} steps are kept`);
  account.trust = 'trusted';
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
  assert.equal(account.burnt.size, 0);
});

test('a minute in the future revives nothing that was spent just before it', () => {
  const account = new TestAccount();
  account.trust = 'trusted';
  for (const offset of [-1, 0]) assert.equal(account.tries(account.codes(offset)).kind, 'accepted');
  account.trust = 'plausible';
  account.setClock(NOW + 300);
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
  account.trust = 'trusted';
  account.setClock(NOW);
  for (const pair of [
    [-2, -1],
    [-1, 0],
    [0, 1],
  ] as const) {
    assert.equal(because(account.tries(account.codes(...pair))), 'used-code', pair.join());
    account.elapsed += DAY;
  }
  account.setClock(NOW + 2);
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
});
