// Owns the proof of what the first code of a new secret does: it enrols, or it says how wrong the phone's clock is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFirst, singleCode } from '../../daemon/enrolment/first-code.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { SECRET } from '../vectors/rfc4226.ts';
import { codeOf, wrongCode } from '../vectors/truth.ts';
import { TWIN_CODE, TWIN_STEP } from '../vectors/twins.ts';

const KEY = Buffer.from(SECRET, 'hex');
const PHONE = new Secret(KEY);
const NOW = 59_800_000;

test('one step either side enrols, spends that step and learns the offset', () => {
  for (const offset of [-1, 0, 1]) {
    const first = judgeFirst(codeOf(KEY, NOW + offset), PHONE, NOW);
    assert.deepEqual(first, { kind: 'right', step: NOW + offset, drift: offset });
  }
});

test('two to five steps off refuses and says which way and how far the phone is', () => {
  for (const steps of [2, 3, 4, 5]) {
    const slow = judgeFirst(codeOf(KEY, NOW - steps), PHONE, NOW);
    assert.deepEqual(slow, { kind: 'off', code: 'phone-slow', seconds: steps * 30 });
    const fast = judgeFirst(codeOf(KEY, NOW + steps), PHONE, NOW);
    assert.deepEqual(fast, { kind: 'off', code: 'phone-fast', seconds: steps * 30 });
  }
});

test('six steps off is just wrong, like any other code', () => {
  for (const steps of [-6, 6, 20]) {
    assert.deepEqual(judgeFirst(codeOf(KEY, NOW + steps), PHONE, NOW), { kind: 'wrong' });
  }
  assert.deepEqual(judgeFirst(wrongCode(KEY, NOW - 10, NOW + 10), PHONE, NOW), { kind: 'wrong' });
});

test('of two neighbours with the same digits the later one is spent', () => {
  for (const now of [TWIN_STEP, TWIN_STEP + 1]) {
    const first = judgeFirst(TWIN_CODE, PHONE, now);
    assert.equal(first.kind === 'right' && first.step, TWIN_STEP + 1);
  }
});

test('the first code is one code: two, none or letters are malformed', () => {
  assert.equal(singleCode(' 123 456 '), '123456');
  for (const typed of ['', '12345', '1234567', '123456 123457', '12345a']) {
    assert.throws(
      () => singleCode(typed),
      (error) => error instanceof Fault && error.code === 'malformed-code',
    );
  }
});
