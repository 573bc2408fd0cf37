// Owns `fygo-2fa mail authorise`: the code that a person types in at Microsoft, and the wait for it.

import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../kernel/fault.ts';
import { SECOND } from '../kernel/instant.ts';
import type { Command } from './command.ts';
import { shown } from './moments.ts';

export const mailAuthorise: Command = {
  words: ['mail', 'authorise'],
  takesName: false,
  flags: {},
  summary: 'Authorise the system to send through Outlook.com or Microsoft 365',
  details: [
    'It shows an address and a code. Open the address on any device, sign in with the mailbox that is to send, and type the code; the command waits for it.',
    'With --json it prints a line {"userCode", "verificationUri", "expires", "interval"}, waits, and prints a line {"state"}.',
  ],
  async run({ admin, say, json }) {
    const { body: offer } = await admin.call('authoriseMail', {});
    if (json) say.json(offer);
    else {
      say.paragraph(
        'Open this address on any device, sign in with the mailbox that is to send, and type the code:',
      );
      say.line();
      say.pairs([
        ['Address', offer.verificationUri],
        ['Code', offer.userCode],
      ]);
      say.line();
      say.note('plain', `Waiting for it until ${shown(offer.expires)}.`);
    }
    let state: 'pending' | 'authorised' | 'declined' | 'expired' = 'pending';
    while (state === 'pending') {
      await pause(offer.interval * SECOND);
      ({ state } = (await admin.call('pollMail', {})).body);
    }
    if (json) say.json({ state });
    else if (state === 'authorised')
      say.note('good', 'The system may send mail now.', 'Try it: fygo-2fa mail test ADDRESS');
    else throw FAULTS[state]();
    return state === 'authorised' ? 0 : 1;
  },
};

const AGAIN = 'Begin again: fygo-2fa mail authorise';
const FAULTS = {
  declined: () => new Fault('cancelled', 'The person at the provider said no. Nothing was changed.', AGAIN),
  expired: () => new Fault('cancelled', 'Nobody typed the code in time. Nothing was changed.', AGAIN),
} as const;
