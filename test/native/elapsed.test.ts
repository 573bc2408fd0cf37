// Owns the tests of elapsed time.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_RAW,
  elapsed,
  elapsedFrom,
} from '../../daemon/native/elapsed.ts';

test('elapsed time never falls and keeps the pace of the monotonic clock', () => {
  const began = [performance.now(), elapsed()] as const;
  let before = began[1];
  while (performance.now() - began[0] < 100) {
    const now = elapsed();
    assert.ok(now >= before, 'it fell');
    before = now;
  }
  const passed = [performance.now() - began[0], elapsed() - began[1]] as const;
  assert.ok(Math.abs(passed[0] - passed[1]) < 10, `${passed[0]} ms and ${passed[1]} ms`);
});

test('it is in milliseconds, near the time since the machine started', () => {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000;
  // RAW is not disciplined: 500 ppm of a year is four hours.
  assert.ok(Math.abs(elapsed() - uptime) < 60_000 + uptime * 0.001, `${elapsed()} of ${uptime}`);
});

/** Clocks that a test moves; `pause` is what passes before each reading. */
function clocks() {
  const state = { real: 0, slewed: 0, asleep: 0, pause: 0.0001, pauses: [] as number[] };
  const read = (clock: number) => {
    state.real += state.pauses.shift() ?? state.pause;
    if (clock === CLOCK_MONOTONIC_RAW) return state.real;
    if (clock === CLOCK_MONOTONIC) return state.real + state.slewed;
    assert.equal(clock, CLOCK_BOOTTIME);
    return state.real + state.slewed + state.asleep;
  };
  return { state, read };
}

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 0.01, `${actual}`);

test('slewing does not bend it, suspend counts', () => {
  const { state, read } = clocks();
  state.asleep = 1_000;
  const since = elapsedFrom(read);
  const began = since();
  state.slewed += 80;
  state.real += 1_000;
  near(since() - began, 1_000);
  state.asleep += 60_000;
  near(since() - began, 61_000);
  state.asleep += 60_000;
  near(since() - began, 121_000);
});

test('a pause between two readings is not taken for suspend', () => {
  const { state, read } = clocks();
  const since = elapsedFrom(read);
  const began = since();
  for (const pauses of [
    [0, 50],
    [0, 50, 50, 50, 50],
    [50, 0, 0],
    [0, 50, 0, 50, 0],
  ]) {
    state.pauses = pauses;
    const now = since();
    near(now - began, state.real - began);
  }
});
