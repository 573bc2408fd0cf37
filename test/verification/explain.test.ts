// Owns the proof that an explanation names the nearest moment, and never one at which the code would open the door.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../daemon/kernel/secret.ts';
import { windowOf } from '../../daemon/verification/drift.ts';
import { otherMoment } from '../../daemon/verification/explain.ts';
import { SECRET } from '../vectors/rfc4226.ts';
import { codeOf, wrongCode } from '../vectors/truth.ts';
import { DISTANT_CODE, DISTANT_STEP, TWIN_CODE, TWIN_STEP } from '../vectors/twins.ts';
import { drifts, FIXED, keys, NOW } from './arbitrary.ts';

const BACK = 120;
const AHEAD = 20;

/** The offset nearest to now at which a code is right outside the window, by looking at all of them. */
function nearest(key: Buffer, code: string, window: readonly number[]): number | null {
  const right: number[] = [];
  for (let offset = -BACK; offset <= AHEAD; offset++) {
    if (!window.includes(offset) && codeOf(key, NOW + offset) === code) right.push(offset);
  }
  right.sort((a, b) => Math.abs(a) - Math.abs(b) || b - a);
  return right[0] ?? null;
}

test('it finds the nearest moment from an hour back to ten minutes ahead, and only outside the window', () => {
  const seen = fc.integer({ min: -BACK - 4, max: AHEAD + 4 });
  fc.assert(
    fc.property(keys, drifts, seen, (key, drift, offset) => {
      const window = windowOf(drift);
      const code = codeOf(key, NOW + offset);
      const found = otherMoment(code, NOW, new Secret(key), window);
      const right = nearest(key, code, window);
      assert.equal(found?.offset ?? null, right);
      if (!found) return;
      assert.ok(!window.includes(found.offset));
      assert.equal(found.step, NOW + found.offset);
      assert.equal(found.seconds, Math.abs(found.offset) * 30);
    }),
    { ...FIXED, numRuns: 150 },
  );
});

test('a code of the window is not explained, however often it is asked for', () => {
  fc.assert(
    fc.property(keys, drifts, fc.integer({ min: -2, max: 2 }), (key, drift, offset) => {
      const window = windowOf(drift);
      if (!window.includes(offset)) return;
      const code = codeOf(key, NOW + offset);
      if (nearest(key, code, window) !== null) return;
      assert.equal(otherMoment(code, NOW, new Secret(key), window), null);
    }),
    { ...FIXED, numRuns: 100 },
  );
});

test('a code that is right at no moment has no explanation', () => {
  const key = Buffer.from(SECRET, 'hex');
  assert.equal(otherMoment(wrongCode(key, NOW - 130, NOW + 30), NOW, new Secret(key), [-1, 0, 1]), null);
});

test('of two moments the nearer one is named, and as far away the coming one: it is the one that has to burn', () => {
  const key = Buffer.from(SECRET, 'hex');
  const secret = new Secret(key);
  const offsetAt = (now: number, skip: number[]) => otherMoment(TWIN_CODE, now, secret, skip)?.offset;
  assert.equal(otherMoment(DISTANT_CODE, DISTANT_STEP + 2, secret, [-1, 0, 1])?.offset, 2);
  assert.equal(offsetAt(TWIN_STEP - 5, [-1, 0, 1]), 5);
  assert.equal(offsetAt(TWIN_STEP + 6, [-1, 0, 1]), -5);
  assert.equal(offsetAt(TWIN_STEP - 1, [-1, 0, 1]), 2);
});
