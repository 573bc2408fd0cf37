// Owns the rhythm of what is done once a day, by a clock that nobody sets.

import { DAY, MINUTE, type Millis } from '../kernel/instant.ts';

/** So long after the start: a board that boots has other things to do. */
const FIRST: Millis = 5 * MINUTE;

/**
 * Runs `work` five minutes from now and then every 24 hours, until the returned function is called. A failure is for
 * the next day to make good; the daemon's health tells of what is broken. Keeps no process alive.
 */
export function everyDay(work: () => Promise<void>): () => void {
  const run = () => void work().catch(() => {});
  let timer = setTimeout(() => {
    run();
    timer = setInterval(run, DAY).unref();
  }, FIRST).unref();
  return () => {
    clearTimeout(timer);
    clearInterval(timer);
  };
}
