// Owns the proof that a code opens the door when it is right, unspent and in the window, and at no other time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../daemon/kernel/secret.ts';
import type { Drift } from '../../daemon/verification/drift.ts';
import { type FactorState, judge, sameCode } from '../../daemon/verification/judge.ts';
import { SECRET } from '../vectors/rfc4226.ts';
import { codeOf, wrongCode } from '../vectors/truth.ts';
import { TWIN_CODE, TWIN_STEP } from '../vectors/twins.ts';
import { edges, FIXED, factors, NOW } from './arbitrary.ts';

const offsets = fc.integer({ min: -7, max: 7 });
const counts = fc.integer({ min: 1, max: 3 });

/** The steps of `count` codes in a row, the last one at `last`. */
function stepsTo(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => last - count + 1 + i);
}

function typed(key: Buffer, last: number, count: number): string[] {
  return stepsTo(last, count).map((step) => codeOf(key, step));
}

test('what is accepted is in the window, and of its codes none is spent, burnt or too early', () => {
  let accepted = 0;
  fc.assert(
    fc.property(factors, offsets, counts, fc.boolean(), (factor, offset, count, trusted) => {
      const judged = judge(typed(factor.key, NOW + offset, count), NOW, factor, trusted);
      if (judged.kind !== 'match') return;
      accepted++;
      const { lowest, highest } = edges(factor.drift);
      assert.ok(judged.offset >= lowest && judged.offset <= highest, 'in the window');
      assert.equal(judged.step, NOW + judged.offset);
      for (const step of stepsTo(judged.step, count)) {
        assert.ok(judged.heals || step > factor.lastStep, 'not spent');
        assert.ok(!factor.burnt.has(step), 'not burnt');
        assert.ok(step >= factor.earliestStep, 'not too early');
      }
    }),
    { ...FIXED, numRuns: 3 * FIXED.numRuns },
  );
  assert.ok(accepted > 100, `${accepted} were accepted`);
});

test('every unspent step of the window is accepted, whichever it is', () => {
  fc.assert(
    fc.property(factors, counts, fc.boolean(), (factor, count, trusted) => {
      const { lowest, highest } = edges(factor.drift);
      for (let offset = lowest; offset <= highest; offset++) {
        const steps = stepsTo(NOW + offset, count);
        const free = steps.every(
          (step) => step > factor.lastStep && step >= factor.earliestStep && !factor.burnt.has(step),
        );
        if (!free) continue;
        const judged = judge(typed(factor.key, NOW + offset, count), NOW, factor, trusted);
        assert.deepEqual(judged, { kind: 'match', step: NOW + offset, offset, heals: false });
      }
    }),
    FIXED,
  );
});

test('nothing outside the window is accepted or called used', () => {
  fc.assert(
    fc.property(factors, fc.integer({ min: 3, max: 200 }), fc.boolean(), (factor, far, trusted) => {
      for (const offset of [far, -far]) {
        assert.equal(judge([codeOf(factor.key, NOW + offset)], NOW, factor, trusted).kind, 'none');
      }
      const { lowest, highest } = edges(factor.drift);
      for (const offset of [lowest - 1, highest + 1]) {
        assert.equal(judge([codeOf(factor.key, NOW + offset)], NOW, factor, trusted).kind, 'none');
      }
    }),
    { ...FIXED, numRuns: 100 },
  );
});

test('a wrong code is nothing, a right one that is spent is called used', () => {
  fc.assert(
    fc.property(factors, fc.boolean(), (factor, trusted) => {
      const wrong = wrongCode(factor.key, NOW - 3, NOW + 3);
      assert.equal(judge([wrong], NOW, factor, trusted).kind, 'none');
      const spent = { ...factor, lastStep: NOW + 2 };
      assert.deepEqual(judge([codeOf(factor.key, NOW)], NOW, spent, trusted), { kind: 'used', step: NOW });
    }),
    { ...FIXED, numRuns: 100 },
  );
});

const KEY = Buffer.from(SECRET, 'hex');
const fresh = (drift: Drift, lastStep = 0): FactorState => ({
  secret: new Secret(KEY),
  drift,
  lastStep,
  earliestStep: 0,
  burnt: new Set(),
});

test('a code that two neighbouring steps share opens once, wherever in the window they lie', () => {
  for (const drift of [-1, 0, 1] as const) {
    for (let now = TWIN_STEP - 3; now <= TWIN_STEP + 4; now++) {
      let state = fresh(drift, now - 10);
      let opened = 0;
      for (let later = now; later <= now + 6; later++) {
        const judged = judge([TWIN_CODE], later, state, true);
        if (judged.kind !== 'match') continue;
        opened++;
        state = { ...state, lastStep: judged.step };
      }
      assert.ok(opened <= 1, `drift ${drift}, from ${now - TWIN_STEP}: opened ${opened} times`);
    }
  }
});

test('the second of two neighbours with the same digits still opens while only the first is spent', () => {
  const judged = judge([TWIN_CODE], TWIN_STEP, fresh(0, TWIN_STEP), false);
  assert.equal(judged.kind === 'match' && judged.step, TWIN_STEP + 1);
});

test('a pair or a triple has to be in a row, in order, and wholly unspent', () => {
  const [a, b, c, d] = [-2, -1, 0, 1].map((offset) => codeOf(KEY, NOW + offset)) as [
    string,
    string,
    string,
    string,
  ];
  const kindOf = (codes: string[], lastStep = NOW - 9, burnt: number[] = []) =>
    judge(codes, NOW, { ...fresh(0, lastStep), burnt: new Set(burnt) }, false).kind;
  assert.equal(kindOf([b, c]), 'match');
  assert.equal(kindOf([a, b, c]), 'match');
  for (const codes of [
    [c, b],
    [a, c],
    [b, b],
    [a, c, b],
    [a, b, d],
    [b, c, '000000'],
  ]) {
    assert.equal(kindOf(codes), 'none', 'in a row and in order');
  }
  assert.equal(kindOf([b, c], NOW - 1), 'used', 'the first one is spent');
  assert.equal(kindOf([b, c], NOW - 2), 'match');
  assert.equal(kindOf([a, b, c], NOW - 2), 'used');
  assert.equal(kindOf([b, c], NOW - 9, [NOW - 1]), 'used', 'the first one is burnt');
  assert.equal(kindOf([c, d], NOW - 9, [NOW + 1]), 'used');
});

test('what a clock in the future spent is healed by more than one code and a trusted clock, and by nothing less', () => {
  fc.assert(
    fc.property(
      factors,
      counts,
      fc.boolean(),
      fc.integer({ min: 4, max: 10 ** 6 }),
      (one, count, trusted, ahead) => {
        const factor = { ...one, lastStep: NOW + ahead, earliestStep: 0, burnt: new Set<number>() };
        const judged = judge(typed(one.key, NOW, count), NOW, factor, trusted);
        if (trusted && count > 1) {
          assert.deepEqual(judged, { kind: 'match', step: NOW, offset: 0, heals: true });
        } else assert.deepEqual(judged, { kind: 'used', step: NOW });
      },
    ),
    FIXED,
  );
});

test('nothing heals while the last spent step can be a right one: in the window, or sharing its digits', () => {
  for (const drift of [-1, 0, 1] as const) {
    for (let ahead = 0; ahead <= edges(drift).highest + 1; ahead++) {
      const judged = judge(typed(KEY, NOW, 2), NOW, fresh(drift, NOW + ahead), true);
      assert.equal(judged.kind, 'used', `drift ${drift}, ${ahead} ahead`);
    }
  }
});

test('healing does not revive what is burnt or too early', () => {
  const pair = typed(KEY, NOW, 2);
  const ahead = fresh(0, NOW + 50);
  assert.equal(judge(pair, NOW, { ...ahead, burnt: new Set([NOW - 1]) }, true).kind, 'used');
  assert.equal(judge(pair, NOW, { ...ahead, earliestStep: NOW }, true).kind, 'used');
});

test('codes are compared whole', () => {
  assert.ok(sameCode('000012', '000012'));
  for (const other of [null, '', '00001', '0000123', '000013']) assert.ok(!sameCode('000012', other));
});
