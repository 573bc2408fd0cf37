// Owns the set-clock role inside this process: the system clock, the real-time clock, and who keeps them.

import { closeSync, openSync } from 'node:fs';
import type { Runner } from '../accounts/child.ts';
import type { Millis } from '../kernel/instant.ts';
import type { Called } from '../native/set-time.ts';
import type { AutomaticOutcome, SetOutcome } from '../wire/time.ts';
import type { SetClockRole } from './roles.ts';

/** The last calls, which change the machine. */
export interface ClockCalls {
  /** @param time milliseconds since 1970 */
  setSystemClock(time: number): Called;
  setRealTimeClock(fd: number, time: number): Called;
}

const TIMEDATECTL = '/usr/bin/timedatectl';
const MOST_BYTES = 4_096;

export function systemClock(parts: {
  readonly calls: ClockCalls;
  readonly elapsed: () => Millis;
  readonly run: Runner;
  /** /dev/rtc0; there may be none. */
  readonly rtc: string;
}): SetClockRole {
  const { calls, elapsed, run, rtc } = parts;

  const writeRtc = (time: number): SetOutcome['rtc'] => {
    let fd: number;
    try {
      fd = openSync(rtc, 'r');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'failed';
    }
    try {
      return calls.setRealTimeClock(fd, time) === 'done' ? 'written' : 'failed';
    } finally {
      closeSync(fd);
    }
  };

  return {
    async set(epoch): Promise<SetOutcome> {
      const called = calls.setSystemClock(epoch + elapsed());
      if (called !== 'done') return { outcome: called, rtc: 'absent' };
      return { outcome: 'set', rtc: writeRtc(epoch + elapsed()) };
    },
    async automatic(on): Promise<AutomaticOutcome> {
      // timedatectl knows whether timesyncd or chrony is installed, and switches that one.
      const ran = await run(TIMEDATECTL, ['--no-ask-password', 'set-ntp', on ? 'true' : 'false'], MOST_BYTES);
      return { outcome: ran.kind === 'exited' && ran.code === 0 ? 'done' : 'failed' };
    },
  };
}

/** For a daemon under --root: it is a demonstration or a test, and the clock of its machine is not its own. */
export function untouchedClock(): SetClockRole {
  return {
    set: async (): Promise<SetOutcome> => ({ outcome: 'refused', rtc: 'absent' }),
    automatic: async (): Promise<AutomaticOutcome> => ({ outcome: 'refused' }),
  };
}
