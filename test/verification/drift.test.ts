// Owns the proof that the learned offset stays small, follows the phone, and opens three or four steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { driftAtEnrolment, learn, nearEdge, windowOf } from '../../daemon/verification/drift.ts';
import { drifts, edges, FIXED } from './arbitrary.ts';

test('the window is one step either side of zero and of the learned offset: three steps, or four', () => {
  assert.deepEqual(windowOf(0), [-1, 0, 1]);
  assert.deepEqual(windowOf(-1), [-2, -1, 0, 1]);
  assert.deepEqual(windowOf(1), [-1, 0, 1, 2]);
});

test('whatever is seen, the learned offset stays within one step and moves by at most one', () => {
  fc.assert(
    fc.property(drifts, fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 50 }), (start, seen) => {
      let drift = start;
      for (const offset of seen) {
        const next = learn(drift, offset);
        assert.ok(next >= -1 && next <= 1 && Number.isInteger(next) && !Object.is(next, -0));
        assert.ok(Math.abs(next - drift) <= 1);
        drift = next;
      }
    }),
    FIXED,
  );
});

test('a phone that is always as far off is known after two logins and stays known', () => {
  for (const start of [-1, 0, 1] as const) {
    for (const phone of [-1, 0, 1] as const) {
      const after = learn(learn(start, phone), phone);
      assert.equal(after, phone);
      assert.equal(learn(after, phone), phone);
    }
  }
});

test('every code that is accepted lies where the next window still has it', () => {
  for (const drift of [-1, 0, 1] as const) {
    const { lowest, highest } = edges(drift);
    for (let offset = lowest; offset <= highest; offset++) {
      assert.ok(windowOf(learn(drift, offset)).includes(offset), `drift ${drift}, seen ${offset}`);
    }
  }
});

test('one slow typist does not make a slow phone: the next right code takes it back', () => {
  assert.equal(learn(0, -1), -1);
  assert.equal(learn(-1, 0), 0);
});

test('the edge is told two steps off, and only there', () => {
  assert.deepEqual([-2, -1, 0, 1, 2].map(nearEdge), [true, false, false, false, true]);
});

test('a phone that is more than one step off cannot enrol', () => {
  assert.deepEqual([-2, -1, 0, 1, 2].map(driftAtEnrolment), [null, -1, 0, 1, null]);
});
