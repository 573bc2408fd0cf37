// Owns `fygo-2fa user recovery-codes`.

import { printRecoveryCodes } from './codes.ts';
import type { Command } from './command.ts';

export const userRecoveryCodes: Command = {
  words: ['user', 'recovery-codes'],
  takesName: true,
  flags: { text: { help: 'Print nothing but a page to keep: … --text > codes.txt' } },
  summary: 'Ten new recovery codes; the old ones end',
  details: [
    'A recovery code completes a login in place of the code from the phone. They are shown this once: hand them over, or let the user make them.',
  ],
  async run({ admin, say, json, name, given }) {
    const { body } = await admin.call('recoveryCodes', { params: { name } });
    if (json) say.json(body);
    else if (given('text')) for (const line of body.text.trimEnd().split('\n')) say.line(line);
    else {
      printRecoveryCodes(say, name, body.recoveryCodes);
      say.line();
      say.note('plain', 'Earlier recovery codes do not work any more.');
    }
    return 0;
  },
};
