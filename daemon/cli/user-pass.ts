// Owns `fygo-2fa user pass`: one login for somebody whose phone is not at hand.

import type { Command } from './command.ts';
import { shown } from './moments.ts';

export const userPass: Command = {
  words: ['user', 'pass'],
  takesName: true,
  flags: { reason: { value: 'TEXT', required: true, help: 'Why; it is kept in the audit log' } },
  summary: 'One login without the phone, within 24 hours',
  details: [
    'The pass is typed as a recovery code at the second step, after the password. Make sure that it is really the user who asks, and hand it over in person or on the telephone.',
  ],
  async run({ admin, say, json, name, value }) {
    const { body } = await admin.call('pass', { params: { name }, body: { reason: value('reason') ?? '' } });
    if (json) say.json(body);
    else {
      say.note('good', `One-time pass for ${name}, good until ${shown(body.expires)}:`);
      say.line();
      say.line(`    ${body.pass}`);
      say.line();
      say.paragraph(
        `${name} types it as a recovery code after the password. It opens the door once, and is not shown again. Hand it over in person or on the telephone.`,
      );
    }
    return 0;
  },
};
