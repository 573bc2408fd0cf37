// Owns the tests of the watchdog: who proves nothing is not fed.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startWatch, watchEvery } from '../../daemon/system/watch.ts';

function watched(t: TestContext, proof: () => Promise<void>, every: number | null = 5_000) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [];
  let lines = 0;
  const stop = startWatch({
    notifier: {
      ready: () => {},
      reloading: () => {},
      stopping: () => {},
      status: (line) => told.push(line),
      feed: () => told.push('fed'),
    },
    every,
    proof,
    line: () => `line ${++lines}`,
    failed: () => told.push('failed'),
  });
  t.after(stop);
  /** Lets what was promised happen, then so much time pass. */
  const pass = async (ms: number) => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { told, pass, stop };
}

test('each proof feeds; every fourth makes the line anew', async (t) => {
  const { told, pass } = watched(t, async () => {});
  await pass(0);
  assert.deepEqual(told, ['fed', 'line 1']);
  for (let beat = 0; beat < 4; beat += 1) await pass(5_000);
  assert.deepEqual(told, ['fed', 'line 1', 'fed', 'fed', 'fed', 'fed', 'line 2']);
});

test('a proof that fails feeds nobody, and the next is tried', async (t) => {
  let works = false;
  const { told, pass } = watched(t, async () => {
    if (!works) throw new Error('no answer');
  });
  await pass(0);
  works = true;
  await pass(834);
  assert.deepEqual(told, ['failed', 'fed', 'line 1']);
});

test('a proof that does not come feeds nobody', async (t) => {
  const { told, pass } = watched(t, () => new Promise(() => {}));
  await pass(60_000);
  assert.deepEqual(told, []);
});

test('after the stop nothing is told', async (t) => {
  const { told, pass, stop } = watched(t, async () => {});
  await pass(0);
  stop();
  await pass(60_000);
  assert.deepEqual(told, ['fed', 'line 1']);
});

test('where nobody watches nothing runs', async (t) => {
  const { told, pass } = watched(t, async () => {}, null);
  await pass(60_000);
  assert.deepEqual(told, []);
});

test('how often comes from the variables of systemd', () => {
  assert.equal(watchEvery({ WATCHDOG_USEC: '15000000' }, 7), 7_500);
  assert.equal(watchEvery({ WATCHDOG_USEC: '15000000', WATCHDOG_PID: '7' }, 7), 7_500);
  assert.equal(watchEvery({ WATCHDOG_USEC: '15000000', WATCHDOG_PID: '8' }, 7), null);
  for (const WATCHDOG_USEC of [undefined, '', '0', '-5', 'often', 'Infinity'])
    assert.equal(watchEvery({ WATCHDOG_USEC }, 7), null);
});
