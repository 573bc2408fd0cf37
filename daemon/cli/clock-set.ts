// Owns `fygo-2fa clock set`: put the system clock right.

import { Fault } from '../kernel/fault.ts';
import { moved } from './clock-strip.ts';
import type { Command } from './command.ts';

export const clockSet: Command = {
  words: ['clock', 'set'],
  takesName: false,
  flags: {
    offset: { value: 'SECONDS', help: 'Move it by so much instead, back with a minus (--offset=-90)' },
    force: { help: 'Needed with --offset: nobody confirms that the clock is right afterwards' },
  },
  summary: 'Step the system clock to the measured time',
  details: [
    'Without --offset the servers are asked, and the clock is set only if enough of them agree. The real-time clock is written too, where there is one. Logins do not need this: codes are judged by the corrected time anyway.',
  ],
  async run({ admin, say, json, value, given }) {
    const body = bodyOf(value('offset'), given('force'));
    const reply = await admin.call('setClock', { body });
    if (json) say.json(reply.body);
    else {
      const { movedSeconds, rtc } = reply.body;
      say.note(
        'good',
        movedSeconds === 0
          ? 'The system clock was right.'
          : `The system clock was moved ${moved(movedSeconds)}.`,
      );
      say.note(rtc === 'failed' ? 'warn' : 'plain', RTC[rtc]);
    }
    return 0;
  },
};

const RTC = {
  written: 'The real-time clock was written too.',
  absent: 'There is no real-time clock: after a power cut this machine does not know the time.',
  failed: 'The real-time clock could not be written.',
} as const;

type Body = { force: false } | { force: true; offsetSeconds: number };

function bodyOf(typed: string | undefined, force: boolean): Body {
  if (typed === undefined && !force) return { force: false };
  if (typed === undefined || !force)
    throw new Fault(
      'usage',
      '--offset and --force go together: what nobody confirms has to be spelled out and forced.',
      'Type fygo-2fa clock set, or fygo-2fa clock set --offset SECONDS --force.',
    );
  if (!/^[+-]?[0-9]{1,10}(\.[0-9]{1,3})?$/.test(typed))
    throw new Fault(
      'usage',
      `"${typed}" is not a number of seconds.`,
      'Use --offset 90 or --offset=-3600.5.',
    );
  return { force: true, offsetSeconds: Number(typed) };
}
