// Owns `fygo-2fa clock show`, and how the clock is told by the other clock commands.

import type { ClockDocument } from '../wire/clock.ts';
import type { ServerVerdict } from '../wire/time.ts';
import { inWords, moved, strip } from './clock-strip.ts';
import type { Command } from './command.ts';
import { shown, shownToTheSecond } from './moments.ts';
import type { Say, Tone } from './say.ts';

export const clockShow: Command = {
  words: ['clock', 'show'],
  takesName: false,
  flags: {},
  summary: 'Whether the time is right, and how that is known',
  details: [
    'The strip shows where the system clock is as each server sees it: the right time is in the middle, slow is left, fast is right, to a logarithmic scale from a millisecond to a day. Codes are judged by the corrected time, whatever the system clock shows.',
  ],
  async run({ admin, say, json }) {
    const { body } = await admin.call('clock', {});
    if (json) say.json(body);
    else print(say, body);
    return 0;
  },
};

const STATES: Readonly<Record<ClockDocument['state'], readonly [Tone, string]>> = {
  synchronised: ['good', 'The time is known: enough servers agree.'],
  holdover: ['warn', 'The time is known from when enough servers last agreed.'],
  unsynchronised: ['warn', 'Nobody confirms the time: codes are judged by the system clock.'],
  wrong: [
    'bad',
    'The system clock shows a time that is known to be past: three codes in a row are asked for.',
  ],
};

const ALARMS = {
  'below-floor': 'The servers agree on a time that is known to be past. They are not believed.',
  jumped: 'The servers agree on a time that jumped. They are not believed.',
} as const;

const VERDICTS: Readonly<Record<ServerVerdict, string>> = {
  agrees: 'agrees',
  disagrees: 'disagrees with the others',
  'same-as-another': 'the same machine as another',
  resting: 'asked not to be asked: resting',
  'no-answer': 'does not answer',
  'no-address': 'has no IPv4 address',
  short: 'answers too little',
  'wrong-mode': 'does not answer as a server',
  'wrong-version': 'speaks another version',
  'wrong-origin': 'answers another question',
  'wrong-stratum': 'has no time itself',
  unsynchronised: 'has no time itself',
  'zero-time': 'answers without a time',
  'too-uncertain': 'is not sure enough',
  'too-slow': 'answers too slowly',
  impossible: 'contradicts itself',
  kiss: 'asks not to be asked',
};

const KEEPERS = { timesyncd: 'systemd-timesyncd', chrony: 'chrony', none: 'nobody' } as const;

/** The clock as a person reads it. */
export function print(say: Say, clock: ClockDocument): void {
  const { state, alarm, offsetSeconds, boundSeconds, quorum, kernel, keeper, lastStep } = clock;
  const [tone, text] = STATES[state];
  say.note(alarm === null ? tone : 'bad', alarm === null ? text : ALARMS[alarm]);
  say.line();
  const off = offsetSeconds === null ? '' : `, ${inWords(offsetSeconds)}`;
  say.pairs([
    ['System clock', `${shownToTheSecond(clock.systemTime)} UTC${off}`],
    [
      'Corrected time',
      `${shownToTheSecond(clock.correctedTime)} UTC${boundSeconds === null ? '' : ` ± ${boundSeconds.toFixed(3)} s`}`,
    ],
    ['State', `${state} since ${shown(clock.since)}`],
    ['Quorum', `${quorum.agreeing} of ${quorum.servers} agree, ${quorum.needed} are needed`],
    [
      'Kernel',
      kernel === null
        ? 'does not say'
        : kernel.synchronised
          ? `synchronised, at most ${kernel.maxErrorSeconds.toFixed(3)} s off`
          : 'not synchronised',
    ],
    ['Kept by', keeper === null ? 'not known yet' : KEEPERS[keeper]],
    ['Last step', lastStep === null ? 'none seen' : `${moved(lastStep.bySeconds)}, ${shown(lastStep.time)}`],
  ]);
  if (clock.servers.length === 0) return;
  say.line();
  say.table(
    [
      ['SERVER', 'SYSTEM CLOCK', 'DELAY', 'STRATUM', 'VERDICT'],
      ...clock.servers.map(({ name, offsetSeconds: by, delaySeconds, stratum, verdict }) => [
        name,
        by === null ? '' : inWords(by),
        delaySeconds === null ? '' : `${(delaySeconds * 1000).toFixed(0)} ms`,
        stratum === null ? '' : String(stratum),
        VERDICTS[verdict],
      ]),
    ],
    [0, 4],
  );
  say.line();
  for (const { name, offsetSeconds: by } of clock.servers)
    if (by !== null) say.line(`  ${strip(by)}  ${name}`);
}
