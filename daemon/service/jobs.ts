// Owns what the daemon does by itself, and when: driven by a minute that no wall clock can move.

import { check } from '../clock/measure.ts';
import { JITTER, pauseAfter } from '../clock/pace.ts';
import type { Timekeeping } from '../clock/timekeeping.ts';
import { MINUTE, type Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';

export interface Jobs {
  /** Starts nothing any more. What runs goes on to its end. */
  close(): void;
}

export interface JobParts {
  readonly timekeeping: Timekeeping;
  readonly random: Random;
  readonly keepFloor: () => Promise<void>;
  /** Would the mail server take a letter? */
  readonly probeMail: () => Promise<void>;
  readonly keepBackup: () => void;
  /** How often the minute is looked at: a minute. */
  readonly tickEvery: Millis;
}

/** A job's times in cron's words; they are times of the daemon's own calendar, which begins with its start. */
export interface Job {
  readonly when: string;
  readonly run: () => unknown;
}

/** How many minutes of a suspend are looked through for what was missed; each job then runs once. */
const MOST_MISSED = 60;
/** Where the daemon's own calendar begins: midnight, on the first of a month. */
const CALENDAR = Date.UTC(2001, 0, 1);

/** Begins with a check of the clock. Returns at once; nothing here ever blocks or rejects. */
export function startJobs({
  timekeeping,
  random,
  keepFloor,
  keepBackup,
  probeMail,
  tickEvery,
}: JobParts): Jobs {
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;
  const after = (pause: Millis, work: () => void) => {
    if (closed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, pause);
    // Stopping must not wait for the next check.
    timers.add(timer.unref());
  };
  const chance = () => random(4).readUInt32BE() / 2 ** 32;

  let chasing = false;
  /** Checks, and goes on checking quickly while there is no quorum: one chain of checks at a time. */
  const chase = async () => {
    if (chasing || closed) return;
    chasing = true;
    await check(timekeeping);
    chasing = false;
    const pause = pauseAfter(timekeeping.failures, chance());
    if (pause !== null) after(pause, chase);
  };

  const jobs: readonly Job[] = [
    { when: '* * * * *', run: () => timekeeping.clock.watch() && chase() },
    { when: '*/30 * * * *', run: () => after(chance() * JITTER, chase) },
    { when: '0 * * * *', run: keepFloor },
    // A password that was changed at the provider is found before somebody needs a code.
    { when: '7 0 * * *', run: () => after(chance() * JITTER, probeMail) },
    // The first a minute after the start: what a crash kept from being saved does not wait for another hour.
    { when: '1 * * * *', run: keepBackup },
  ];
  void schedule(jobs, () => timekeeping.clock.elapsed()).then((tick) => {
    if (closed) return;
    timers.add(setInterval(tick, tickEvery).unref());
  });
  after(0, chase);
  return {
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/**
 * What has to be called every minute. The wall clock has no part in it: node-cron only says which minutes of the
 * calendar a job is for, its own scheduler would run nothing for a day, or everything at once, after a step.
 */
export async function schedule(jobs: readonly Job[], elapsed: () => Millis): Promise<() => void> {
  const { createTask } = await import('node-cron');
  const tasks = jobs.map(({ when, run }) => createTask(when, run, { timezone: 'UTC' }));
  const began = elapsed();
  let seen = 0;
  return () => {
    const minute = Math.floor((elapsed() - began) / MINUTE);
    const first = Math.max(seen + 1, minute - MOST_MISSED + 1);
    for (const task of tasks) {
      for (let at = first; at <= minute; at++) {
        if (!task.match(new Date(CALENDAR + at * MINUTE))) continue;
        void task.execute();
        break;
      }
    }
    seen = Math.max(seen, minute);
  };
}
