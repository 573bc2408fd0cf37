// Owns the proof of what one attempt costs, spends and says, with the real rules on the real tables.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, SECOND } from '../../daemon/kernel/instant.ts';
import { BUCKET_FULL, UNIT } from '../../daemon/verification/throttle.ts';
import type { Verification } from '../../daemon/verification/verify.ts';
import { TestAccount } from './account.ts';
import { NOW } from './arbitrary.ts';

function refused(result: Verification, expected: Partial<Extract<Verification, { kind: 'refused' }>>): void {
  assert.equal(result.kind, 'refused');
  assert.partialDeepStrictEqual(result, expected);
}

const units = (account: TestAccount) => account.factor.bucket / UNIT;

test('a right code opens once and spends its step', () => {
  const account = new TestAccount();
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
  assert.equal(account.factor.lastStep, NOW);
  refused(account.tries(account.codes(0)), { because: 'used-code', cost: 0 });
  refused(account.tries(account.codes(-1)), { because: 'used-code', cost: 0 });
  assert.equal(account.factor.lastStep, NOW);
  assert.equal(units(account), 20, 'what was spent costs a wait, nothing from the bucket');
  assert.equal(account.factor.strangersFailures, 2);
  assert.equal(account.tries(account.codes(1)).kind, 'accepted');
});

test('a wrong code is debited and counted before it is told', () => {
  for (const [drift, cost] of [
    [0, 3],
    [-1, 4],
    [1, 4],
  ] as const) {
    const account = new TestAccount({ drift });
    refused(account.tries(account.wrong()), { because: 'wrong-code', cost, form: 'single', retryAfter: 0 });
    assert.equal(units(account), 20 - cost);
    assert.equal(account.factor.strangersFailures, 1);
    assert.equal(account.factor.lastStep, NOW - 100, 'nothing is spent');
  }
});

test('where nobody confirms the time, a code that matches nothing is put down to the clock; none is refused beforehand', () => {
  const account = new TestAccount();
  account.trust = 'unconfirmed';
  const unsure = { code: 'board-clock', judgedBy: account.now } as const;
  refused(account.tries(account.wrong()), {
    because: 'clock-unsure',
    cost: 3,
    form: 'single',
    diagnosis: unsure,
  });
  const slow = { because: 'wrong-code', diagnosis: { code: 'phone-slow', seconds: 240 } } as const;
  refused(account.tries(account.codes(-8)), slow);
  const pair = account.tries(`${account.wrong()} ${account.wrong()}`);
  refused(pair, { because: 'wrong-code', cost: 0 });
  assert.ok(!('diagnosis' in pair), 'nothing is said of more than one code');
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
});

test('during a wait nothing is looked at, counted or debited, not even a right code', () => {
  const account = new TestAccount();
  for (let i = 0; i < 4; i++) account.tries(account.wrong());
  const before = account.factor;
  assert.deepEqual(account.tries(account.codes(0)), { kind: 'wait', retryAfter: 5 * SECOND });
  assert.deepEqual(account.factor, before);
  account.pass(5 * SECOND);
  assert.equal(account.tries(account.codes(0)).kind, 'accepted');
});

test('a code of another moment is explained; an old one costs nothing, a coming one is paid for and burnt', () => {
  const account = new TestAccount();
  const slow = { because: 'wrong-code', cost: 0, diagnosis: { code: 'phone-slow', seconds: 240 } } as const;
  refused(account.tries(account.codes(-8)), slow);
  assert.equal(units(account), 20);
  const fast = { because: 'wrong-code', cost: 3, diagnosis: { code: 'phone-fast', seconds: 150 } } as const;
  refused(account.tries(account.codes(5)), fast);
  assert.equal(units(account), 17);
  assert.deepEqual([...account.burnt], [NOW + 5]);
  account.pass(5 * 30 * SECOND);
  assert.equal(account.step, NOW + 5);
  refused(account.tries(account.codes(0)), { because: 'used-code' });
  assert.equal(account.tries(account.codes(1)).kind, 'accepted');
});

test('a burnt step does not count as part of a pair either, and is no harm to the steps around it', () => {
  const account = new TestAccount();
  account.tries(account.codes(3));
  account.pass(90 * SECOND);
  refused(account.tries(account.codes(-1, 0)), { because: 'used-code' });
  assert.equal(account.tries(account.codes(1)).kind, 'accepted');
});

test('an empty bucket asks for two codes; one is not looked at, a wrong pair costs nothing and is not explained', () => {
  const account = new TestAccount({ bucket: 3 * UNIT - 1 });
  assert.equal(account.demand().form, 'pair');
  const before = account.factor;
  refused(account.tries(account.codes(0)), { because: 'form-required', form: 'pair', cost: null });
  assert.deepEqual(account.factor, before, 'not counted');
  const result = account.tries(account.codes(-9, -8));
  refused(result, { because: 'wrong-code', form: 'pair', cost: 0, retryAfter: 0 });
  assert.ok(!('diagnosis' in result));
  assert.equal(account.factor.strangersFailures, 1);
  assert.deepEqual(account.tries(account.codes(-1, 0), { login: 'another' }).kind, 'wait', 'one try a slot');
  account.pass(30 * SECOND);
  assert.equal(account.tries(account.codes(-1, 0), { login: 'another' }).kind, 'accepted');
});

test('a success gives its own login back what it paid', () => {
  const account = new TestAccount();
  const paid: number[] = [];
  for (let i = 0; i < 5; i++) {
    account.pass(10 * SECOND);
    const result = account.tries(account.wrong());
    if (result.kind === 'refused' && result.cost !== null) paid.push(result.cost);
  }
  account.pass(10 * SECOND);
  assert.deepEqual(paid, [3, 3, 3, 3, 3]);
  assert.equal(Math.round(units(account)), 5);
  assert.equal(account.tries(account.codes(0), { paid }).kind, 'accepted');
  assert.ok(account.factor.bucket > BUCKET_FULL - UNIT / 100);
  assert.equal(account.factor.strangersFailures, 0);
});

test("the phone's offset is learned from what was accepted, and the edge is told", () => {
  const account = new TestAccount();
  const accepted = (offset: number) => {
    const result = account.tries(account.codes(offset));
    account.pass(120 * SECOND);
    return result.kind === 'accepted' && { drift: account.factor.drift, edge: result.nearEdge };
  };
  assert.deepEqual(accepted(1), { drift: 1, edge: false });
  assert.deepEqual(accepted(2), { drift: 1, edge: true });
  assert.deepEqual(accepted(0), { drift: 0, edge: false });
  assert.deepEqual(accepted(-1), { drift: -1, edge: false });
  assert.deepEqual(accepted(-2), { drift: -1, edge: true });
  refused(account.tries(account.codes(2)), { because: 'wrong-code' });
});

test('the enrolling code is told apart, with the seconds until the phone shows a new one', () => {
  for (const [drift, seconds] of [
    [0, 20],
    [1, 20],
    [-1, 20],
  ] as const) {
    const step = NOW + drift;
    const account = new TestAccount({ enrolledStep: step, lastStep: step, drift });
    const diagnosis = { code: 'just-enrolled', seconds } as const;
    refused(account.tries(account.codes(drift)), { because: 'used-code', diagnosis });
    account.pass(seconds * SECOND);
    assert.equal(account.tries(account.codes(drift)).kind, 'accepted', `drift ${drift}`);
  }
});

test('after a rollback two codes come first, both of them from steps that begin later', () => {
  const account = new TestAccount({ pairFirst: 1, earliestStep: NOW + 1 });
  assert.equal(account.demand().form, 'pair');
  refused(account.tries(account.codes(1)), { because: 'form-required' });
  refused(account.tries(account.codes(0, 1)), { because: 'used-code' });
  account.pass(60 * SECOND);
  assert.equal(account.tries(account.codes(-1, 0)).kind, 'accepted');
  assert.equal(account.demand().form, 'single');
});

test('a suspended lane answers so and looks at nothing; known devices go on', () => {
  const account = new TestAccount({ strangersFailures: 100 });
  const before = account.factor;
  for (const text of [account.codes(0), account.codes(-1, 0)]) {
    refused(account.tries(text), { because: 'totp-suspended', cost: null });
  }
  assert.deepEqual(account.factor, before);
  assert.equal(account.tries(account.codes(0), { lane: 'known' }).kind, 'accepted');
  assert.equal(account.factor.strangersFailures, 100);
});

test('what could not be written is owed by the next attempt', () => {
  const account = new TestAccount();
  account.debts.add(account.user, 3);
  account.debts.add(account.user, 3);
  refused(account.tries(account.wrong()), { because: 'wrong-code' });
  assert.equal(units(account), 20 - 9);
  assert.equal(account.factor.strangersFailures, 3);
  account.debts.settle(account.user);
  refused(account.tries(account.wrong()), { because: 'wrong-code', retryAfter: 5 * SECOND });
});

test('below the floor three codes count where the search found them, and only there', () => {
  const account = new TestAccount();
  account.trust = 'below-floor';
  assert.equal(account.demand().form, 'triple');
  for (const text of [account.codes(0), account.codes(-1, 0)]) {
    refused(account.tries(text), { because: 'form-required', form: 'triple', cost: null });
  }
  const three = account.codes(500, 501, 502);
  refused(account.tries(three), { because: 'clock-unsure', diagnosis: { code: 'board-clock' }, cost: 0 });
  assert.equal(account.tries(three, { located: NOW + 502 }).kind, 'accepted');
  assert.equal(account.factor.lastStep, NOW + 502);
  refused(account.tries(three, { located: NOW + 502 }), { because: 'used-code' });
  refused(account.tries(three, { located: NOW + 504 }), { because: 'used-code' });
});

test('a bucket that was empty affords a single code again when time has filled it', () => {
  const account = new TestAccount({ bucket: 0 });
  account.pass(16 * DAY - 1);
  assert.equal(account.demand().form, 'pair');
  account.pass(1);
  assert.equal(account.demand().form, 'single');
});
