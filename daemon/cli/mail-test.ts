// Owns `fygo-2fa mail test`: one letter, and each step of its way.

import { Fault } from '../kernel/fault.ts';
import type { MailTest } from '../wire/mail-setting.ts';
import type { Command } from './command.ts';

export const mailTest: Command = {
  words: ['mail', 'test'],
  takesName: false,
  operand: 'ADDRESS',
  flags: {},
  summary: 'Send a letter now, and tell each step of the way',
  details: [
    'The exit code is 0 where the server took the letter, 1 where it did not. A server that is slow can take 40 seconds.',
  ],
  async run({ admin, say, json, operand: address }) {
    if (address === undefined)
      throw new Fault('usage', '"mail test" needs an address.', 'Usage: fygo-2fa mail test ADDRESS');
    const { body } = await admin.call('testMail', { body: { address } });
    if (json) say.json(body);
    else
      for (const step of body.steps)
        say.note(step.ok ? 'good' : 'bad', `${STEPS[step.step]}: ${step.text}`, step.hint ?? undefined);
    return body.ok ? 0 : 1;
  },
};

const STEPS: Readonly<Record<MailTest['steps'][number]['step'], string>> = {
  resolve: 'Name',
  connect: 'Connection',
  tls: 'Encryption',
  'sign-in': 'Sign-in',
  accepted: 'Letter',
};
