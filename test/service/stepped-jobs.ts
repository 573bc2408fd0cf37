// Owns a program of the tests: hourly and half-hourly jobs, a minute in 20 ms, under a wall clock that is stepped meanwhile.

import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HOUR, MINUTE } from '../../daemon/kernel/instant.ts';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { schedule } from '../../daemon/service/jobs.ts';

const [, , wall = ''] = process.argv;
const TICK = 20;
const speed = MINUTE / TICK;
const virtual = () => elapsed() * speed;

const years: number[] = [];
let lateness = 0;
let runs = 0;
const due = (every: number) => {
  runs++;
  // How long ago, in virtual time, the job was due.
  lateness = Math.max(lateness, ((virtual() - began) % every) / 1_000);
};
const tick = await schedule(
  [
    { when: '0 * * * *', run: () => due(HOUR) },
    { when: '*/30 * * * *', run: () => due(HOUR / 2) },
  ],
  virtual,
);
const began = virtual();
/** Warm: what the first tick compiles is not what is measured. */
tick();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const steps = [0, '+0', '-86400'];
const { promise, resolve } = Promise.withResolvers<void>();
let ticks = 0;
const timer = setInterval(() => {
  ticks++;
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
delay.disable();
process.stdout.write(JSON.stringify({ years, lateness, runs, longestBlock: delay.max / 1e6 }));
