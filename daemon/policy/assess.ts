// Owns what a policy would mean for everybody in reach: who is in its scope, who is ready, and who would be stuck.

import type { Roster } from '../accounts/roster.ts';
import { DAY, type Instant, toRfc3339 } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import type { PreviewDocument } from '../wire/admin.ts';
import { coverage, type Person, type PolicyRule, requirement } from './requirement.ts';

type Covered = PreviewDocument['users'][number];

/** So long before it starts, whoever has to enrol has been given time to. */
const TIME_TO_ENROL = DAY;

/**
 * Looks at each person as the policy would from `startsAt` on (`null`: at once). An administrator is stuck who has no
 * factor and neither grace nor time before it starts: he would have to enrol within the next login, and where that
 * login cannot show a secret there is no way in. uid 0 is not: the local console and admin.sock stay open to root.
 */
export function assess(
  t: Tables,
  roster: Roster,
  people: readonly Person[],
  rule: PolicyRule,
  now: Instant,
  startsAt: Instant | null,
): Pick<PreviewDocument, 'users' | 'counts' | 'stuck'> {
  const at = startsAt !== null && startsAt > now ? startsAt : now;
  const users: Covered[] = [];
  let exempt = 0;
  for (const person of people) {
    const covered = coverage(rule, person);
    if (covered === 'exempt') exempt++;
    // Who might be meant is shown as meant: a preview must not promise too much.
    if (covered === 'inside' || covered === 'unknown') users.push(coveredUser(t, roster, person, rule, at));
  }
  const enrolled = users.filter((user) => user.state === 'enrolled').length;
  const early = at - now >= TIME_TO_ENROL;
  const stuck = early ? [] : people.filter((person) => isStuck(person, users)).map(({ name }) => name);
  return {
    users,
    counts: {
      inScope: users.length,
      enrolled,
      notEnrolled: users.length - enrolled,
      withoutSecurityEmail: users.filter(({ securityEmail }) => !securityEmail).length,
      exempt,
    },
    stuck,
  };
}

function isStuck(person: Person, users: readonly Covered[]): boolean {
  if (person.uid === 0 || person.administrator === false) return false;
  const covered = users.find(({ name }) => name === person.name);
  return covered?.state === 'not-enrolled' && covered.graceUntil === null;
}

function coveredUser(t: Tables, roster: Roster, person: Person, rule: PolicyRule, at: Instant): Covered {
  const user = t.users.byName(person.name) ?? t.users.byUid(person.uid);
  const entry = roster.byName(person.name);
  const factor = user && t.factors.of(user.id);
  const required = requirement(rule, { ...person, graceFrom: user?.graceFrom ?? null }, at);
  const state =
    entry && entry.counter > (user?.counter ?? -1)
      ? 'state-lost'
      : user && user.uid !== person.uid
        ? 'identity-changed'
        : factor
          ? 'enrolled'
          : 'not-enrolled';
  return {
    name: person.name,
    administrator: person.administrator !== false,
    state,
    recoveryCodes: user ? t.recoveryCodes.left(user.id, at) : 0,
    securityEmail: user !== null && t.securityEmails.confirmed(user.id) !== undefined,
    graceUntil: state === 'not-enrolled' && required.kind === 'grace' ? toRfc3339(required.until) : null,
  };
}
