// Owns the tests of when a helper leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whenIdle } from '../../daemon/helpers/idle.ts';

test('it leaves when nobody was there for so long, counted from the last who went', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let left = 0;
  const idle = whenIdle(30_000, () => left++);
  t.mock.timers.tick(29_999);
  idle.counted(1);
  t.mock.timers.tick(600_000);
  idle.counted(2);
  idle.counted(1);
  t.mock.timers.tick(600_000);
  idle.counted(0);
  t.mock.timers.tick(29_999);
  assert.equal(left, 0);
  t.mock.timers.tick(1);
  assert.equal(left, 1);
});

test('who was never asked leaves as well', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { left } = whenIdle(30_000, () => {});
  t.mock.timers.tick(30_000);
  await left;
});
