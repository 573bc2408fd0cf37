// Owns `fygo-2fa key rotate`: a new master key for a stopped daemon's board.

import type { Command } from './command.ts';

export const keyRotate: Command = {
  words: ['key', 'rotate'],
  takesName: false,
  flags: {},
  summary: 'A new master key; the daemon must be stopped',
  details: [
    'Every seed is sealed anew. Phones and recovery codes work on; browsers that are known have to show a code again. Interrupted at any moment, the state stays readable: with the old key, or with the new one after the next start.',
    'Backups made with "fygo-2fa backup" are closed with their passphrase and hold the key of their time: restoring one brings that key back.',
  ],
  async run({ io, say, json, root }) {
    const sealed = await io.offline.rotateKey(root ?? null);
    if (json) say.json({ sealed });
    else
      say.note(
        'good',
        `The master key is new; ${sealed} secret${sealed === 1 ? ' was' : 's were'} sealed with it.`,
      );
    return 0;
  },
};
