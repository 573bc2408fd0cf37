// Owns `fygo-2fa version`.

import type { Command } from './command.ts';

export const version: Command = {
  words: ['version'],
  takesName: false,
  flags: {},
  summary: 'The version of this program',
  details: [
    'The version of the daemon that runs is part of "fygo-2fa status". With --json also the versions of everything inside.',
  ],
  async run({ say, json, io }) {
    if (json) say.json({ version: io.version, runtime: io.runtime, packages: io.packages() });
    else say.line(`fygo-2fa ${io.version}`);
    return 0;
  },
};
