// Owns the look at a policy before it bites: nothing is changed.

import { peopleInReach } from '../accounts/people.ts';
import { type Instant, instant, toRfc3339 } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { PolicyWanted, PreviewDocument } from '../wire/admin.ts';
import { assess } from './assess.ts';
import { resolveNames } from './names.ts';

/** @throws Fault `policy-names-unknown`, `directory-unavailable`, `store-unavailable` */
export async function previewPolicy(parts: Parts, wanted: PolicyWanted): Promise<PreviewDocument> {
  const { state, clock } = parts;
  const rule = await resolveNames(parts, wanted);
  const users = rule.users.map(({ name }) => name);
  const { people, complete } = await peopleInReach(parts, { users, groups: rule.groups });
  const from = momentOf(wanted.from);
  return state.read((t) => ({
    from: from === null ? null : toRfc3339(from),
    complete,
    ...assess(t, state.roster, people, rule, clock.now(), from),
  }));
}

/** When it is to start; `null` for at once. */
export function momentOf(from: string | undefined): Instant | null {
  return from === undefined ? null : instant(Date.parse(from));
}
