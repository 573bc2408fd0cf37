// Owns `fygo-2fa policy show`.

import type { PolicyDocument } from '../wire/admin.ts';
import type { Command } from './command.ts';
import { shown } from './moments.ts';

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

type Rule = Omit<PolicyDocument, 'next'>;

/** The policy as sentences: what is in force, and what is to come. */
export function inWords({ next, ...rule }: PolicyDocument): string {
  const now = ruleInWords(rule);
  return next === null ? now : `${now} From ${shown(next.from)} on: ${ruleInWords(next)}`;
}

function ruleInWords(rule: Rule): string {
  const { scope, graceDays } = rule;
  if (scope === 'none') return 'Nobody has to use two-factor; whoever has enrolled is asked for it.';
  const grace =
    graceDays === 0
      ? 'Who has not enrolled enrols at the next login.'
      : `Who has not enrolled may wait ${graceDays === 1 ? 'a day' : `${graceDays} days`} with it.`;
  const except = whom(rule.exceptUsers, rule.exceptGroups);
  return `${subject(rule)} to use two-factor${except === '' ? '' : `, except ${except}`}. ${grace}`;
}

function subject({ scope, users, groups }: Rule): string {
  if (scope === 'all') return 'All users have';
  if (scope === 'administrators') return 'All administrators have';
  return `These users, ${whom(users, groups)}, have`;
}

function whom(users: readonly string[], groups: readonly string[]): string {
  return [...users, ...groups.map((name) => `everybody in the group ${name}`)].join(', ');
}
