// Owns the proof of what a moment is, and that the one reader of the wall clock reads it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DAY,
  HOUR,
  instant,
  later,
  MINUTE,
  SECOND,
  toRfc3339,
  wallClock,
} from '../../daemon/kernel/instant.ts';

test('an instant is a whole, finite number of milliseconds', () => {
  assert.deepEqual([1.9, -1.9, 0, 1e15].map(instant), [1, -1, 0, 1e15]);
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    assert.throws(() => instant(ms), RangeError);
  }
});

test('lengths of time are milliseconds', () => {
  assert.deepEqual([SECOND, MINUTE, HOUR, DAY], [1_000, 60_000, 3_600_000, 86_400_000]);
  assert.equal(later(instant(5), DAY), 86_400_005);
  assert.equal(later(instant(5), -6), -1);
  assert.equal(later(instant(5), 0.9), 5);
  assert.throws(() => later(instant(5), Number.NaN), RangeError);
});

test('RFC 3339 in UTC, wherever the NAS stands', () => {
  assert.equal(toRfc3339(instant(0)), '1970-01-01T00:00:00.000Z');
  assert.equal(toRfc3339(instant(Date.UTC(2026, 10, 24, 8, 9, 10, 11))), '2026-11-24T08:09:10.011Z');
  assert.equal(toRfc3339(instant(Date.UTC(2028, 1, 29, 23, 59, 59))), '2028-02-29T23:59:59.000Z');
});

test("the wall clock is the system's", (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_234 });
  assert.equal(wallClock(), 1_234);
  t.mock.timers.tick(1_000);
  assert.equal(wallClock(), 2_234);
});
