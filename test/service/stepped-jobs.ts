// Owns a program of the tests: hourly and half-hourly jobs, a minute in 20 ms, under a wall clock that is stepped meanwhile.

import { writeFileSync } from 'node:fs';
import { HOUR, MINUTE } from '../../daemon/kernel/instant.ts';
import { schedule } from '../../daemon/service/jobs.ts';

const [, , wall = ''] = process.argv;
const TICK = 20;
let ticks = 0;
/** A minute passes with each tick, however long this machine lets us wait for it. */
const virtual = () => ticks * MINUTE;

const years: number[] = [];
let lateness = 0;
let runs = 0;
const due = (every: number) => {
  runs++;
  // How long ago, in virtual time, the job was due.
  lateness = Math.max(lateness, (virtual() % every) / 1_000);
};
const tick = await schedule(
  [
    { when: '0 * * * *', run: () => due(HOUR) },
    { when: '*/30 * * * *', run: () => due(HOUR / 2) },
  ],
  virtual,
);
/** Warm: what the first tick compiles is not what is measured. */
tick();
/**
 * What this thread worked since the loop was last here, ms. Time on the processor, not on the wall: whoever else runs on
 * this machine does not hold the loop, and only who works 50 ms in one go can hold it for 50 ms.
 */
const worked = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};
let before = worked();
let longestHold = 0;
const steps = [0, '+0', '-86400'];
const { promise, resolve } = Promise.withResolvers<void>();
const timer = setInterval(() => {
  ticks++;
  longestHold = Math.max(longestHold, worked() - before);
  before = worked();
  tick();
  if (ticks % 70 === 1) {
    const step = steps[years.length];
    if (step !== undefined && step !== 0) writeFileSync(wall, `${step}\n`);
    if (step === undefined) {
      clearInterval(timer);
      resolve();
    } else years.push(new Date().getFullYear());
  }
}, TICK);
await promise;
process.stdout.write(JSON.stringify({ years, lateness, runs, longestHold }));
