// Owns `fygo-2fa clock auto on|off`: who keeps the system clock right.

import type { Command } from './command.ts';

const switching = (on: boolean): Command => ({
  words: ['clock', 'auto', on ? 'on' : 'off'],
  takesName: false,
  flags: {},
  summary: on ? 'Let the system keep its clock right by itself' : 'Leave the system clock alone',
  details: [
    'Switches systemd-timesyncd or chrony, whichever is installed. The daemon measures the time itself either way.',
  ],
  async run({ admin, say, json }) {
    await admin.call('autoClock', { body: { automatic: on } });
    if (json) say.json({ automatic: on });
    else say.note('good', `Automatic time is ${on ? 'on' : 'off'}.`);
    return 0;
  },
});

export const clockAutoOn = switching(true);
export const clockAutoOff = switching(false);
