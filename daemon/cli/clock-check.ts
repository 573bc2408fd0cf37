// Owns `fygo-2fa clock check`: ask the servers now; with --accept, believe them.

import { print } from './clock-show.ts';
import type { Command } from './command.ts';

export const clockCheck: Command = {
  words: ['clock', 'check'],
  takesName: false,
  flags: { accept: { help: 'Take what they agree on for the truth, against what the daemon knew' } },
  summary: 'Ask the time servers now',
  details: [
    'With --accept, a time that was not believed (it jumped, or is known to be past) becomes the time. Make sure of it with a clock you trust: whoever forges every server wants just that. Codes from before that moment count for nobody any more, and everybody types two codes at the next login.',
  ],
  async run({ admin, say, json, given }) {
    const { body } = await admin.call('checkClock', { body: { accept: given('accept') } });
    if (json) say.json(body);
    else print(say, body);
    return body.state === 'synchronised' ? 0 : 1;
  },
};
