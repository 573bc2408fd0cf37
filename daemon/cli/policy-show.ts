// Owns `fygo-2fa policy show`.

import type { PolicyDocument } from '../wire/admin.ts';
import type { Command } from './command.ts';

export const policyShow: Command = {
  words: ['policy', 'show'],
  takesName: false,
  flags: {},
  summary: 'Who has to use two-factor',
  details: [],
  async run({ admin, say, json }) {
    const { body } = await admin.call('policy', {});
    if (json) say.json(body);
    else say.paragraph(inWords(body));
    return 0;
  },
};

/** The policy as a sentence. */
export function inWords({ scope, graceDays }: PolicyDocument): string {
  if (scope === 'none') return 'Nobody has to use two-factor; whoever has enrolled is asked for it.';
  const grace =
    graceDays === 0
      ? 'Who has not enrolled enrols at the next login.'
      : `Who has not enrolled may wait ${graceDays === 1 ? 'a day' : `${graceDays} days`} with it.`;
  return `All users have to use two-factor. ${grace}`;
}
