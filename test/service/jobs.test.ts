// Owns the proof that jobs run on time whatever the wall clock does, and that they never hold up a login.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { HOUR, MINUTE } from '../../daemon/kernel/instant.ts';
import { schedule } from '../../daemon/service/jobs.ts';
import { LIBFAKETIME } from '../clock/chrony.ts';

/** Runs for so many minutes, ticking as `pauses` says, and tells at which minutes each job ran. */
async function ran(whens: readonly string[], pauses: readonly number[]): Promise<number[][]> {
  let elapsed = 5 * HOUR + 17;
  const began = elapsed;
  const runs: number[][] = whens.map(() => []);
  const jobs = whens.map((when, i) => ({ when, run: () => runs[i]?.push((elapsed - began) / MINUTE) }));
  const tick = await schedule(jobs, () => elapsed);
  for (const pause of pauses) {
    elapsed += pause;
    tick();
    // node-cron starts a job in a microtask of its own.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return runs;
}

const minutes = (n: number, pause = MINUTE) => Array.from({ length: n }, () => pause);

test('every minute, every half hour, every hour, counted from the start', async () => {
  const [each, half, hour] = await ran(['* * * * *', '*/30 * * * *', '0 * * * *'], minutes(121));
  assert.equal(each?.length, 121);
  assert.deepEqual(
    [half, hour],
    [
      [30, 60, 90, 120],
      [60, 120],
    ],
  );
});

test('a tick that comes late or early, by the 8 % that chrony may slew, leaves nothing out and nothing twice', async () => {
  for (const pause of [0.92 * MINUTE, 1.08 * MINUTE, 0.5 * MINUTE]) {
    const [hour = []] = await ran(['0 * * * *'], minutes(400, pause));
    const expected = Math.floor((400 * pause) / HOUR);
    assert.equal(hour.length, expected);
    for (const [i, at] of hour.entries()) {
      const late = at - 60 * (i + 1);
      assert.ok(late >= 0 && late < 1.5, `${late} minutes late`);
    }
  }
});

test('after a suspend each job runs once, not once for each time it missed', async () => {
  const [each, half] = await ran(
    ['* * * * *', '*/30 * * * *'],
    [...minutes(3), 300 * 24 * HOUR, ...minutes(2)],
  );
  assert.equal(each?.length, 6);
  assert.equal(half?.length, 1);
});

test('a tick that comes twice in one minute runs nothing twice', async () => {
  const [each] = await ran(['* * * * *'], [MINUTE, 0, 0, MINUTE, 0]);
  assert.equal(each?.length, 2);
});

test('wall clock from 1970 to 2026 and back a day while jobs are scheduled: each within 90 s, loop never held 50 ms', {
  skip: LIBFAKETIME ? false : 'needs Debian libfaketime',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-jobs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const wall = join(folder, 'wall');
  writeFileSync(wall, `-${Math.floor(Date.now() / 1000)}\n`);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'stepped-jobs.ts'), wall],
    {
      env: {
        PATH: process.env.PATH,
        TZ: 'UTC',
        LD_PRELOAD: LIBFAKETIME,
        FAKETIME_TIMESTAMP_FILE: wall,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    },
  );
  const { years, lateness, runs, longestHold } = JSON.parse(stdout);
  t.diagnostic(
    `years seen ${years}; ${runs} runs, at most ${lateness.toFixed(1)} s late; the loop was held for at most ${longestHold.toFixed(1)} ms`,
  );
  const year = (ago: number) => new Date(Date.now() - ago).getUTCFullYear();
  assert.deepEqual(years, [1970, year(0), year(24 * HOUR)]);
  assert.ok(runs >= 8, `${runs}`);
  assert.ok(lateness < 90, `${lateness} s late`);
  assert.ok(longestHold < 50, `${longestHold} ms`);
});
