// Owns `fygo-2fa policy set`: a change to what was read, never over somebody else's.

import { Fault } from '../kernel/fault.ts';
import { SCOPES } from '../wire/admin.ts';
import type { Command } from './command.ts';
import { inWords } from './policy-show.ts';

const MOST_GRACE_DAYS = 365;

export const policySet: Command = {
  words: ['policy', 'set'],
  takesName: false,
  flags: {
    scope: { value: SCOPES.join('|'), required: true, help: 'Who has to use two-factor' },
    grace: {
      value: 'DAYS',
      help: 'How long who has not enrolled may wait with it (0 to 365); as it was, if not given',
    },
  },
  summary: 'Change who has to use two-factor',
  details: [
    'The change is refused if somebody else changed the policy in the same moment. Who has to enrol and has not does so at the next login, or within the grace.',
  ],
  async run({ admin, say, json, value }) {
    const scope = scopeOf(value('scope') ?? '');
    const grace = graceOf(value('grace'));
    const before = await admin.call('policy', {});
    const { body } = await admin.call('setPolicy', {
      body: { scope, graceDays: grace ?? before.body.graceDays },
      ...(before.etag !== undefined && { ifMatch: before.etag }),
    });
    if (json) say.json(body);
    else say.note('good', inWords(body));
    return 0;
  },
};

function scopeOf(typed: string): (typeof SCOPES)[number] {
  const scope = SCOPES.find((one) => one === typed);
  if (scope === undefined)
    throw new Fault('usage', `"${typed}" is not a scope.`, `Use --scope ${SCOPES.join(' or --scope ')}.`);
  return scope;
}

function graceOf(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (/^\d{1,3}$/.test(typed) && Number(typed) <= MOST_GRACE_DAYS) return Number(typed);
  throw new Fault(
    'usage',
    `"${typed}" is not a number of days.`,
    `Use --grace 0 to --grace ${MOST_GRACE_DAYS}.`,
  );
}
