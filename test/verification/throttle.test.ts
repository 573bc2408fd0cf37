// Owns the proof of the throttle's arithmetic: the bucket never lends, waits are as promised, and no clock bends them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, type Instant, instant, later, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import {
  affords,
  BUCKET_FULL,
  fail,
  fresh,
  LANES,
  owe,
  refill,
  refundOf,
  succeed,
  suspended,
  type ThrottleState,
  UNIT,
  waitLeft,
} from '../../daemon/verification/throttle.ts';
import { FIXED, lanes, throttles } from './arbitrary.ts';

const START = instant(0);
const widths = fc.constantFrom(3, 4);

type Deed =
  | { readonly kind: 'pass'; readonly by: number }
  | { readonly kind: 'guess'; readonly lane: (typeof LANES)[number]; readonly width: number }
  | { readonly kind: 'win'; readonly lane: (typeof LANES)[number]; readonly paid: readonly number[] };

const deeds = fc.oneof<fc.Arbitrary<Deed>[]>(
  fc.record({ kind: fc.constant('pass' as const), by: fc.integer({ min: -40 * DAY, max: 40 * DAY }) }),
  fc.record({ kind: fc.constant('guess' as const), lane: lanes, width: widths }),
  fc.record({ kind: fc.constant('win' as const), lane: lanes, paid: fc.array(widths, { maxLength: 9 }) }),
);

test('the bucket is never below nothing nor above full, whatever happens in whichever lane', () => {
  fc.assert(
    fc.property(fc.array(deeds, { maxLength: 80 }), (list) => {
      let now = START;
      let state = fresh(now);
      for (const deed of list) {
        if (deed.kind === 'pass') now = later(now, deed.by);
        state = refill(state, now);
        if (deed.kind === 'guess' && affords(state, deed.width))
          state = fail(state, deed.lane, deed.width, now);
        if (deed.kind === 'win') state = succeed(state, deed.lane, refundOf(deed.paid), now);
        assert.ok(state.bucket >= 0 && state.bucket <= BUCKET_FULL && Number.isInteger(state.bucket));
      }
    }),
    FIXED,
  );
});

test('it never lends: a guess that it affords is paid for in full', () => {
  fc.assert(
    fc.property(throttles, lanes, widths, (state, lane, width) => {
      assert.equal(affords(state, width), state.bucket >= width * UNIT);
      if (!affords(state, width)) return;
      assert.equal(fail(state, lane, width, START).bucket, state.bucket - width * UNIT);
    }),
    FIXED,
  );
});

test('what can be spent in any time is what was in it and what time brought, 3 units in 16 days', () => {
  assert.equal(3 * UNIT, 16 * DAY);
  assert.equal(BUCKET_FULL, 20 * UNIT);
  const steps = fc.array(fc.integer({ min: 0, max: 3 * DAY }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(steps, widths, lanes, (passes, width, lane) => {
      let now = START;
      let state = fresh(now);
      let spent = 0;
      for (const by of passes) {
        now = later(now, by);
        state = refill(state, now);
        if (!affords(state, width)) continue;
        spent += width;
        state = fail(state, lane, width, now);
      }
      assert.ok(spent <= 20 + (now - START) / UNIT + 1e-9, `${spent} units in ${now / DAY} days`);
    }),
    FIXED,
  );
});

test('a clock that swings back and forth credits nothing twice, whoever succeeds meanwhile', () => {
  fc.assert(
    fc.property(throttles, fc.integer({ min: 1, max: 4_000 * DAY }), (state, back) => {
      const before = refill(state, later(state.bucketAt, -back));
      assert.equal(before.bucket, state.bucket);
      const forth = refill(before, state.bucketAt);
      assert.equal(forth.bucket, state.bucket);
      const won = refill(succeed(before, 'known', 0, later(state.bucketAt, -back)), state.bucketAt);
      assert.equal(won.bucket, state.bucket);
      const ahead = refill(forth, later(state.bucketAt, DAY));
      assert.equal(ahead.bucket, Math.min(BUCKET_FULL, state.bucket + DAY));
    }),
    FIXED,
  );
});

test("one bucket serves all lanes; failures and their waits are each lane's own", () => {
  for (const lane of LANES) {
    const failed = fail(fresh(START), lane, 3, START);
    assert.equal(failed.bucket, BUCKET_FULL - 3 * UNIT);
    for (const other of LANES) assert.equal(failed.lanes[other].failures, other === lane ? 1 : 0);
  }
});

/** After `failures` in a row, the last one at `at`. */
function failedAt(failures: number, at: Instant): ThrottleState {
  let state = fresh(at);
  for (let i = 0; i < failures; i++) state = fail(state, 'known', 0, at);
  return state;
}

test('waits after consecutive failures: none up to 3, then 5, 10 and 20 s, and never more', () => {
  for (const [failures, seconds] of [0, 0, 0, 0, 5, 10, 20, 20, 20].entries()) {
    assert.equal(waitLeft(failedAt(failures, START), 'known', START), seconds * SECOND, `after ${failures}`);
  }
  assert.equal(waitLeft(failedAt(99, START), 'known', later(START, 7 * SECOND)), 13 * SECOND);
  assert.equal(waitLeft(failedAt(99, START), 'known', later(START, 20 * SECOND)), 0);
  assert.equal(waitLeft(failedAt(99, START), 'strangers', START), 0, 'the other lane does not wait');
});

test('a clock that goes back never stretches a wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: -(10 ** 9), max: 10 ** 6 }),
      (failures, by) => {
        const state = failedAt(failures, START);
        const left = waitLeft(state, 'known', later(START, by));
        assert.ok(left >= 0 && left <= Math.max(0, 20 * SECOND - Math.max(0, by)));
        if (by < 0) assert.equal(left, 0, 'a failure that lies ahead is no reason to wait for it');
      },
    ),
    FIXED,
  );
});

test('a success gives back at most five failures of its own login, and no free ones count among them', () => {
  assert.equal(refundOf([]), 0);
  assert.equal(refundOf([3, 3]), 6);
  assert.equal(refundOf([3, 4, 3, 3, 3, 3, 3]), 16);
  assert.equal(refundOf([0, 0, 0, 0, 0, 3, 3]), 6);
  fc.assert(
    fc.property(
      throttles,
      lanes,
      fc.array(fc.constantFrom<number>(0, 3, 4), { maxLength: 12 }),
      (state, lane, paid) => {
        const refund = refundOf(paid);
        assert.ok(refund <= 5 * 4 && refund <= paid.reduce((sum, units) => sum + units, 0));
        const after = succeed(state, lane, refund, START);
        assert.equal(after.bucket, Math.min(BUCKET_FULL, state.bucket + refund * UNIT));
        for (const other of LANES)
          if (other !== lane) assert.deepEqual(after.lanes[other], state.lanes[other]);
      },
    ),
    FIXED,
  );
});

test('a success ends the waits of its lane', () => {
  const after = succeed(failedAt(30, START), 'known', 0, START);
  assert.equal(after.lanes.known.failures, 0);
  assert.equal(waitLeft(after, 'known', START), 0);
});

test('at 100 in a row TOTP is closed to strangers alone, and no success of another kind opens it again', () => {
  let state = fresh(START);
  for (let i = 1; i <= 100; i++) {
    assert.ok(!suspended(state, 'strangers'), `open before failure ${i}`);
    state = fail(state, 'strangers', 0, START);
  }
  assert.ok(suspended(state, 'strangers'));
  assert.ok(!suspended(state, 'known') && !suspended(state, 'step-up'));
  assert.ok(suspended(succeed(state, 'strangers', 0, later(START, MINUTE)), 'strangers'), 'a recovery code');
  assert.ok(suspended(succeed(state, 'known', 0, later(START, MINUTE)), 'strangers'));
  const others = { ...state.lanes, known: state.lanes.strangers, 'step-up': state.lanes.strangers };
  assert.ok(!suspended({ ...state, lanes: others }, 'known'));
  assert.ok(!suspended({ ...state, lanes: others }, 'step-up'));
});

test('what is owed is paid and counted, once and never into the negative', () => {
  fc.assert(
    fc.property(throttles, lanes, fc.nat(60), fc.nat(20), (state, lane, units, failures) => {
      const after = owe(state, lane, { units, failures });
      if (failures === 0) return assert.deepEqual(after, state);
      assert.equal(after.bucket, Math.max(0, state.bucket - units * UNIT));
      assert.equal(after.lanes[lane].failures, state.lanes[lane].failures + failures);
    }),
    FIXED,
  );
});
