// Owns the proof that the daily work is done after the start, every day, after a failure too, and not after the end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE } from '../../daemon/kernel/instant.ts';
import { everyDay } from '../../daemon/service/daily.ts';

test('five minutes after the start, then every day, whatever happened; not after the end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let runs = 0;
  const stop = everyDay(async () => {
    runs++;
    throw new Error('the medium is away');
  });
  t.mock.timers.tick(5 * MINUTE - 1);
  assert.equal(runs, 0);
  t.mock.timers.tick(1);
  assert.equal(runs, 1);
  t.mock.timers.tick(DAY);
  t.mock.timers.tick(DAY);
  assert.equal(runs, 3);
  // A failure that nobody caught would be noticed in this turn.
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  t.mock.timers.tick(3 * DAY);
  assert.equal(runs, 3);
});
