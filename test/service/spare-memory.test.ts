// Owns the proof of when memory is given back: after the start, after a burst, in the middle of a long one, and not after
// a single login.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SpareMemory } from '../../daemon/service/spare-memory.ts';

const QUIET = 5_000;

function watched(t: TestContext): { spare: SpareMemory; given: boolean[] } {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  const given: boolean[] = [];
  const spare = new SpareMemory((thorough) => given.push(thorough));
  return { spare, given };
}

function decide(spare: SpareMemory, times: number): void {
  for (let n = 0; n < times; n++) spare.decided();
}

test('what the start left behind goes five seconds after it, or after the last decision', (t) => {
  const { spare, given } = watched(t);
  t.mock.timers.tick(QUIET - 1);
  spare.decided();
  t.mock.timers.tick(QUIET - 1);
  assert.deepEqual(given, []);
  t.mock.timers.tick(1);
  assert.deepEqual(given, [true]);
});

test('a few logins are not worth the pause; a burst is, once it is over', (t) => {
  const { spare, given } = watched(t);
  t.mock.timers.tick(QUIET);
  decide(spare, 99);
  t.mock.timers.tick(10 * QUIET);
  assert.deepEqual(given, [true]);
  decide(spare, 1);
  assert.deepEqual(given, [true]);
  t.mock.timers.tick(QUIET);
  assert.deepEqual(given, [true, true]);
  t.mock.timers.tick(10 * QUIET);
  assert.deepEqual(given, [true, true]);
});

test('after a backup it is given back, once nothing happens any more', (t) => {
  const { spare, given } = watched(t);
  t.mock.timers.tick(QUIET);
  spare.stirred();
  t.mock.timers.tick(QUIET - 1);
  assert.deepEqual(given, [true]);
  t.mock.timers.tick(1);
  assert.deepEqual(given, [true, true]);
});

test('in a burst that does not end, memory is given back in part after every thousandth decision', (t) => {
  const { spare, given } = watched(t);
  for (const expected of [1, 2]) {
    decide(spare, 999);
    t.mock.timers.tick(0);
    assert.equal(given.length, expected - 1);
    decide(spare, 1);
    assert.equal(given.length, expected - 1, 'not before the answer');
    t.mock.timers.tick(0);
    assert.equal(given.length, expected);
  }
  assert.deepEqual(given, [false, false]);
});

test('a daemon that stops gives nothing back any more', (t) => {
  const { spare, given } = watched(t);
  spare.close();
  t.mock.timers.tick(10 * QUIET);
  assert.deepEqual(given, []);
});
