// Owns the proof of what a measurement may do to the time, and what the wall clock may not do to it any more.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { ALARM, CorrectedClock, DRIFT } from '../../daemon/clock/corrected.ts';
import type { Quorum } from '../../daemon/clock/quorum.ts';
import { DAY, HOUR, type Instant, instant, later, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';

const TRUE = instant(Date.UTC(2026, 11, 1, 12));
const BOUND = 20;

let wall: Instant;
let floor: Instant;
let elapsed: number;
let clock: CorrectedClock;
/** The true time, while the test lets it pass by `elapsed`. */
const truth = () => later(TRUE, elapsed - 5_000);
const quorum = (by = 0): Quorum => ({
  epoch: truth() - elapsed + by,
  bound: BOUND,
  agreeing: 4,
  at: elapsed,
});

beforeEach(() => {
  wall = instant(0);
  floor = instant(Date.UTC(2026, 10, 1));
  elapsed = 5_000;
  clock = new CorrectedClock({ wall: () => wall, elapsed: () => elapsed }, () => floor);
});

test('a quorum makes the time right on a board that shows 1970, and no step of the wall clock moves it', () => {
  assert.equal(clock.standing().state, 'wrong');
  assert.equal(clock.take(quorum(), false), null);
  for (const shown of [0, Date.UTC(2029, 11, 1), Date.UTC(2026, 11, 1), Date.UTC(2099, 0, 1)]) {
    wall = instant(shown);
    elapsed += MINUTE;
    assert.equal(clock.now(), truth());
    assert.equal(clock.offset(), shown - truth());
    assert.equal(clock.trust(), 'trusted');
  }
  assert.equal(clock.standing().state, 'synchronised');
});

test('without servers it holds over: three days cost 26 s of bound, the last good time is kept', () => {
  clock.take(quorum(), false);
  elapsed += MINUTE;
  clock.missed(false);
  assert.equal(clock.standing().state, 'holdover');
  elapsed += 3 * DAY - MINUTE;
  clock.missed(false);
  assert.equal(clock.now(), truth());
  assert.ok(Math.abs((clock.standing().bound ?? 0) - (BOUND + DRIFT * 3 * DAY)) < 1);
  assert.equal(clock.trust(), 'trusted');
  elapsed += DAY;
  assert.equal(clock.trust(), 'plausible', 'it may be a whole step off: nothing is healed by it');
  assert.equal(clock.now(), truth());
});

test('when nobody looks any more it is no longer called synchronised', () => {
  clock.take(quorum(), false);
  elapsed += HOUR;
  assert.equal(clock.standing().state, 'synchronised');
  elapsed += 3 * MINUTE;
  assert.equal(clock.standing().state, 'holdover');
});

const SECOND_QUORUMS: readonly (readonly [string, number, string | null])[] = [
  ['the same time', 0, null],
  ['behind by less than both can be wrong', -40, null],
  ['an hour back', -HOUR, 'jumped'],
  ['ten minutes back: time that went by does not come again', -10 * MINUTE, 'jumped'],
  ['ten minutes ahead: corrected', 10 * MINUTE, null],
  ['1000 s ahead: corrected', ALARM, null],
  ['1001 s ahead', ALARM + SECOND, 'jumped'],
  ['a year ahead', 365 * DAY, 'jumped'],
];

for (const [name, by, alarm] of SECOND_QUORUMS) {
  test(`after having been synchronised, a quorum of ${name} is ${alarm ?? 'taken'}`, () => {
    clock.take(quorum(), false);
    elapsed += 30 * MINUTE;
    assert.equal(clock.take(quorum(by), false), alarm);
    assert.equal(clock.now(), later(truth(), alarm === null ? by : 0));
    assert.equal(clock.standing().state, alarm === null ? 'synchronised' : 'wrong');
    assert.equal(clock.trust(), alarm === null ? 'trusted' : 'unconfirmed');
    if (alarm === null) return;
    assert.ok((clock.lowest() ?? 0) > truth() - MINUTE, 'what was known is still written down');
    elapsed += MINUTE;
    assert.equal(clock.take(quorum(), false), null, 'servers that agree with what was known end it');
    assert.equal(clock.trust(), 'trusted');
  });
}

test('a quorum below the floor is never taken, whatever the wall clock shows', () => {
  floor = later(TRUE, HOUR);
  assert.equal(clock.take(quorum(), false), 'below-floor');
  assert.equal(clock.trust(), 'below-floor');
  assert.equal(clock.now(), floor);
  wall = later(floor, MINUTE);
  assert.equal(clock.trust(), 'unconfirmed');
  assert.equal(clock.now(), wall);
  assert.equal(clock.standing().state, 'wrong');
});

test('a state that is opened late, with a later floor, undoes a quorum below it', () => {
  clock.take(quorum(), false);
  floor = later(TRUE, HOUR);
  assert.equal(clock.now(), floor);
  assert.equal(clock.standing().alarm, 'below-floor');
  assert.equal(clock.lowest(), null);
});

test('what root accepts is the time, also when it lies back', () => {
  clock.take(quorum(), false);
  assert.equal(clock.take(quorum(-DAY), false), 'jumped');
  clock.accept(quorum(-DAY));
  assert.equal(clock.now(), later(truth(), -DAY));
  assert.equal(clock.standing().state, 'synchronised');
});

test('the floor may rise to the earliest that now can be; not on the word of a wall clock, nor against the kernel', () => {
  wall = TRUE;
  assert.equal(clock.lowest(), null);
  clock.take(quorum(), false);
  elapsed += 10 * SECOND;
  assert.equal(clock.lowest(), instant(truth() - BOUND - DRIFT * 10 * SECOND));
  clock.take(quorum(), true);
  assert.equal(clock.lowest(), null);
  assert.equal(clock.trust(), 'trusted', 'but four servers are believed');
});

test('never synchronised: the wall clock is believed, and a check in vain makes it unconfirmed', () => {
  wall = TRUE;
  assert.equal(clock.trust(), 'plausible');
  clock.missed(true);
  assert.equal(clock.trust(), 'plausible', 'the kernel vouches for it');
  clock.missed(false);
  assert.equal(clock.trust(), 'unconfirmed');
  assert.deepEqual(
    [clock.standing().state, clock.standing().bound, clock.offset(), clock.now()],
    ['unsynchronised', null, null, TRUE],
  );
});

test('steps of the wall clock are seen, slewing by 8 % is not', () => {
  wall = TRUE;
  assert.equal(clock.watch(), null);
  elapsed += MINUTE;
  wall = later(wall, 1.08 * MINUTE);
  assert.equal(clock.watch(), null);
  elapsed += MINUTE;
  wall = later(wall, MINUTE - DAY);
  assert.deepEqual(clock.watch(), { by: -DAY, at: elapsed });
  elapsed += MINUTE;
  wall = later(wall, MINUTE);
  assert.equal(clock.watch(), null);
  assert.deepEqual(clock.standing().step?.by, -DAY);
});

test('since when: the moment of the last change of state', () => {
  clock.standing();
  elapsed += MINUTE;
  clock.take(quorum(), false);
  const taken = elapsed;
  elapsed += MINUTE;
  clock.take(quorum(), false);
  assert.equal(clock.standing().since, taken);
  elapsed += MINUTE;
  clock.missed(false);
  assert.equal(clock.standing().since, elapsed);
});

test('whatever happens, time never goes below the floor, nor back by more than the bounds, without root', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('wall' as const), to: fc.integer({ min: 0, max: 4e12 }) }),
    fc.record({ kind: fc.constant('pass' as const), by: fc.integer({ min: 0, max: 2 * DAY }) }),
    fc.record({ kind: fc.constant('quorum' as const), by: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) }),
    fc.record({ kind: fc.constant('missed' as const) }),
    fc.record({ kind: fc.constant('floor' as const) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      wall = instant(0);
      floor = instant(Date.UTC(2026, 10, 1));
      elapsed = 5_000;
      clock = new CorrectedClock({ wall: () => wall, elapsed: () => elapsed }, () => floor);
      let anchored: { now: number; elapsed: number } | null = null;
      for (const one of events) {
        if (one.kind === 'wall') wall = instant(one.to);
        else if (one.kind === 'pass') elapsed += one.by;
        else if (one.kind === 'quorum') clock.take(quorum(one.by), false);
        else if (one.kind === 'missed') clock.missed(false);
        else floor = instant(Math.max(floor, clock.lowest() ?? 0));
        assert.ok(clock.now() >= floor, 'below the floor');
        const { taken, bound } = clock.standing();
        if (taken && anchored) {
          const expected = anchored.now + (elapsed - anchored.elapsed);
          assert.ok(clock.now() >= expected - 2 * (bound ?? 0) - 3 * SECOND - DRIFT * elapsed, 'went back');
        }
        anchored = taken ? { now: clock.now(), elapsed } : null;
      }
    }),
    { numRuns: 2_000, seed: 5 },
  );
});
