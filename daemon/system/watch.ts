// Owns the proof that the daemon lives, given again and again, and the line that goes with it.

import type { Millis } from '../kernel/instant.ts';
import type { Notifier } from './notifier.ts';

export interface Watched {
  readonly notifier: Notifier;
  /** How often; `null` where nobody watches, so that an idle daemon does not wake for nobody. */
  readonly every: Millis | null;
  /** Rejects where the daemon does not do its work. */
  readonly proof: () => Promise<void>;
  readonly line: () => string;
  /** Told why the watchdog was not fed. */
  readonly failed: (error: unknown) => void;
}

/** After a proof that failed the next comes sooner, before the watchdog's time is up. */
const SOONER = 6;

/** The line costs a look at every user: it is made anew at every such beat. */
const LINE_EVERY = 4;

/** Begins at once and goes on until the returned function is called. A proof that does not come feeds nobody. */
export function startWatch({ notifier, every, proof, line, failed }: Watched): () => void {
  if (every === null) return () => {};
  let told = '';
  let beats = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const show = (now: string) => {
    if (now !== told) notifier.status(now);
    told = now;
  };
  const again = (pause: Millis) => {
    if (!stopped) timer = setTimeout(beat, pause);
  };
  const beat = async () => {
    try {
      await proof();
      if (stopped) return;
      notifier.feed();
      if (beats++ % LINE_EVERY === 0) show(line());
      again(every);
    } catch (error) {
      failed(error);
      again(every / SOONER);
    }
  };
  void beat();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/**
 * How often to feed a watchdog that waits for `WATCHDOG_USEC`: twice in it, as sd_watchdog_enabled(3) has it.
 * `null` where there is none, or where it is meant for another process (WATCHDOG_PID).
 */
export function watchEvery(
  variables: { readonly WATCHDOG_USEC?: string | undefined; readonly WATCHDOG_PID?: string | undefined },
  pid: number,
): Millis | null {
  const { WATCHDOG_USEC, WATCHDOG_PID } = variables;
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(pid)) return null;
  const limit = Number(WATCHDOG_USEC) / 1e3;
  return Number.isFinite(limit) && limit >= 1 ? limit / 2 : null;
}
