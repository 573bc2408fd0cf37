// Owns the proof that nothing older than the floor is ever "now", whatever the wall clock does.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CorrectedClock, RELEASED } from '../../daemon/clock/corrected.ts';
import { DAY, HOUR, instant, later, MINUTE } from '../../daemon/kernel/instant.ts';

const FLOOR = instant(Date.UTC(2026, 10, 24));

let wall = FLOOR;
let floor = FLOOR;
let elapsed = 0;
let clock: CorrectedClock;

beforeEach(() => {
  wall = FLOOR;
  floor = FLOOR;
  elapsed = 5_000;
  clock = new CorrectedClock({ wall: () => wall, elapsed: () => elapsed }, () => floor);
});

test('the wall clock is the time while it is at or above the floor', () => {
  for (const at of [FLOOR, later(FLOOR, 1), later(FLOOR, 365 * DAY), later(FLOOR, HOUR)]) {
    wall = at;
    assert.equal(clock.now(), at);
    assert.equal(clock.trust(), 'plausible');
  }
});

test('below it, time starts at the floor and runs with what really elapses, whatever the wall clock does', () => {
  wall = instant(0);
  assert.equal(clock.trust(), 'below-floor');
  assert.equal(clock.now(), FLOOR);
  elapsed += MINUTE;
  wall = later(FLOOR, -1);
  assert.equal(clock.now(), later(FLOOR, MINUTE));
  elapsed += HOUR;
  wall = instant(DAY);
  assert.equal(clock.now(), later(FLOOR, MINUTE + HOUR));
  assert.equal(clock.trust(), 'below-floor');
});

test('once the wall clock was right, time below the floor starts over at the floor', () => {
  wall = instant(0);
  clock.now();
  elapsed += HOUR;
  wall = later(FLOOR, 2 * HOUR);
  assert.equal(clock.now(), wall);
  wall = instant(0);
  assert.equal(clock.now(), FLOOR);
});

test('a floor that rises above the time moves it to the floor, and no further', () => {
  wall = instant(0);
  clock.now();
  elapsed += HOUR;
  // The state was opened late, and its floor is later than the release of the program.
  floor = later(FLOOR, DAY);
  assert.equal(clock.now(), floor);
  elapsed += MINUTE;
  assert.equal(clock.now(), later(floor, MINUTE));
});

test('a floor that rises below the time does not move it', () => {
  wall = instant(0);
  clock.now();
  elapsed += HOUR;
  floor = later(FLOOR, MINUTE);
  assert.equal(clock.now(), later(FLOOR, HOUR));
  floor = later(FLOOR, HOUR);
  assert.equal(clock.now(), later(FLOOR, HOUR));
});

test('a floor that rises above the wall clock makes the wall clock wrong', () => {
  wall = later(FLOOR, HOUR);
  assert.equal(clock.trust(), 'plausible');
  floor = later(FLOOR, DAY);
  assert.equal(clock.trust(), 'below-floor');
  assert.equal(clock.now(), floor);
});

test('elapsed time is handed on as it is', () => {
  assert.equal(clock.elapsed(), 5_000);
});

test('no time before this program was released is believed', () => {
  assert.ok(RELEASED >= Date.UTC(2026, 10, 1));
  clock = new CorrectedClock({ wall: () => instant(0), elapsed: () => 0 }, () => RELEASED);
  assert.equal(clock.now(), RELEASED);
});
