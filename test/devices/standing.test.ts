// Owns the proof that a trusted device ends when it should, by corrected time, and says why.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Device, rotationDue, standing, staysKnown } from '../../daemon/devices/standing.ts';
import { DAY, HOUR, instant, later } from '../../daemon/kernel/instant.ts';
import { DEVICE_ENDINGS } from '../../daemon/wire/devices.ts';
import { FIXED } from '../verification/arbitrary.ts';

const SINCE = instant(Date.UTC(2026, 10, 24, 8));
const ALICE = { generation: 3 };

function device(changed: Partial<Device> = {}): Device {
  return {
    id: 1,
    user: 1,
    generation: 3,
    name: 'laptop',
    browser: null,
    system: null,
    address: null,
    since: SINCE,
    lastUsed: SINCE,
    rotatedAt: SINCE,
    until: later(SINCE, 30 * DAY),
    endedAt: null,
    because: null,
    ...changed,
  };
}

test('trusted to the millisecond of its end', () => {
  const until = later(SINCE, 30 * DAY);
  assert.deepEqual(standing(device(), ALICE, SINCE, 30), { kind: 'trusted', until });
  assert.deepEqual(standing(device(), ALICE, later(until, -1), 30), { kind: 'trusted', until });
  assert.deepEqual(standing(device(), ALICE, until, 30), {
    kind: 'ended',
    because: 'expired',
    at: until,
    dated: true,
  });
});

test('a configuration that allows less counts at once, one that allows more does not', () => {
  const week = later(SINCE, 7 * DAY);
  assert.deepEqual(standing(device(), ALICE, SINCE, 7), { kind: 'trusted', until: week });
  assert.deepEqual(standing(device(), ALICE, week, 7), {
    kind: 'ended',
    because: 'expired',
    at: week,
    dated: true,
  });
  const month = later(SINCE, 30 * DAY);
  assert.deepEqual(standing(device(), ALICE, month, 90), {
    kind: 'ended',
    because: 'expired',
    at: month,
    dated: true,
  });
  const off = standing(device(), ALICE, SINCE, 0);
  assert.deepEqual(off, { kind: 'ended', because: 'switched-off', at: SINCE, dated: false });
});

test('another generation ends it, whatever else is said', () => {
  for (const generation of [1, 2, 4]) {
    assert.equal(standing(device(), { generation }, SINCE, 30).kind, 'ended');
  }
});

test('one that was trusted by a clock in the future is not', () => {
  const is = standing(device(), ALICE, later(SINCE, -DAY - 1), 30);
  assert.equal(is.kind === 'ended' && is.because, 'clock-changed');
  assert.equal(standing(device(), ALICE, later(SINCE, -HOUR), 30).kind, 'trusted');
});

test('what was written down is said, with its moment', () => {
  const at = later(SINCE, HOUR);
  const is = standing(device({ endedAt: at, because: 'stolen' }), ALICE, later(SINCE, 2 * HOUR), 30);
  assert.deepEqual(is, { kind: 'ended', because: 'stolen', at, dated: true });
});

test('nothing is ever trusted outside of its days, and no moment brings an ended one back', () => {
  const moments = fc.integer({ min: -400, max: 400 }).map((hours) => later(SINCE, hours * HOUR));
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 90 }), (now, days) => {
      const is = standing(device(), ALICE, now, days);
      if (is.kind === 'trusted') {
        assert.ok(now < later(SINCE, Math.min(days, 30) * DAY));
        assert.ok(now >= later(SINCE, -DAY));
      }
      assert.equal(standing(device({ endedAt: SINCE, because: 'stolen' }), ALICE, now, days).kind, 'ended');
    }),
    FIXED,
  );
});

test('rotation is due a day after the last one, and when the clock was put back', () => {
  assert.ok(!rotationDue(device(), SINCE));
  assert.ok(!rotationDue(device(), later(SINCE, DAY - 1)));
  assert.ok(rotationDue(device(), later(SINCE, DAY)));
  assert.ok(rotationDue(device(), later(SINCE, -DAY)));
});

test('an end that was only seen has no moment of its own', () => {
  const seen = [
    standing(device(), { generation: 4 }, SINCE, 30),
    standing(device(), ALICE, later(SINCE, -2 * DAY), 30),
  ];
  for (const is of seen) assert.equal(is.kind === 'ended' && is.dated, false);
});

test('only ends that speak against nobody leave the browser known', () => {
  const known = DEVICE_ENDINGS.filter((because) => staysKnown(because));
  assert.deepEqual(known, ['expired', 'too-many', 'switched-off']);
});
