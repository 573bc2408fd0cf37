// Owns changing who has to use two-factor.

import { reachableAdministrators } from '../accounts/administrators.ts';
import { type People, peopleInReach } from '../accounts/people.ts';
import { Fault } from '../kernel/fault.ts';
import { type Instant, toRfc3339 } from '../kernel/instant.ts';
import type { Actor } from '../service/actor.ts';
import { rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { ComingPolicy, Policy } from '../store/policies.ts';
import type { PolicyWanted } from '../wire/admin.ts';
import { assess } from './assess.ts';
import { resolveNames } from './names.ts';
import { momentOf } from './preview.ts';
import type { PolicyRule } from './requirement.ts';

export type { Policy };

export interface Standing {
  readonly current: Policy;
  readonly coming: ComingPolicy | null;
  /** Of the last change, in force yet or not: what ETag names. */
  readonly version: number;
}

/** The policy in force and the one to come. */
export function showPolicy({ state, clock }: Parts): Standing {
  return state.read((t) => {
    const now = clock.now();
    const current = t.policies.current(now);
    const coming = t.policies.coming(now);
    return { current, coming, version: coming?.version ?? current.version };
  });
}

/**
 * Puts a policy in force, at once or from `wanted.from` on; either replaces one that was to come. `version` is the
 * one that was read before.
 * @throws Fault `policy-changed` when somebody else was faster; `policy-names-unknown`; `policy-would-strand` where an
 * administrator would have no way in and `wanted.force` is not given, or where the one who sets it has no factor
 * himself (root aside); `directory-unavailable`. Nothing is changed then.
 */
export async function setPolicy(
  parts: Parts,
  wanted: PolicyWanted & { readonly force: boolean },
  version: number | null,
  actor: Actor,
): Promise<Standing> {
  const { state, clock, outbox } = parts;
  const from = momentOf(wanted.from);
  // Told before anything else is asked; looked at again in the transaction.
  const read = showPolicy(parts);
  if (read.version !== version) throw changed(read.version);
  const rule = await resolveNames(parts, wanted);
  const users = rule.users.map(({ name }) => name);
  const reach = await peopleInReach(parts, { users, groups: rule.groups });
  const administrators = await reachableAdministrators(parts);
  await state.write((t) => {
    const now = clock.now();
    t.policies.settle(now);
    const latest = (t.policies.coming(now) ?? t.policies.current(now)).version;
    if (latest !== version) throw changed(latest);
    if (rule.scope !== 'none' && actor.kind === 'user') {
      const user = t.users.byUid(actor.uid);
      if (!user || !t.factors.of(user.id)) throw strandsYou();
    }
    if (!wanted.force) refuseStranding(assess(t, state.roster, reach.people, rule, now, from).stuck, reach);
    const policy = { ...rule, version: latest + 1 };
    const at = from !== null && from > now ? from : null;
    if (at === null) t.policies.put(policy, now);
    else t.policies.schedule(policy, at, now);
    t.audit.add(rowBy(actor, now, actor.name, 'policy-set', inShort(rule, at, wanted.force)));
    const address = actor.kind === 'user' ? actor.address : null;
    for (const one of administrators) notify(t, parts, one, 'policy-changed', { actor: actor.name, address });
  });
  outbox.kick();
  return showPolicy(parts);
}

function refuseStranding(stuck: readonly string[], { complete }: People): void {
  if (stuck.length === 0) return;
  const one = stuck.length === 1;
  throw new Fault(
    'policy-would-strand',
    `${stuck.join(', ')} ${one ? 'is an administrator who has' : 'are administrators who have'} not enrolled and would have to within the next login: where that login cannot show a secret, ${one ? 'he is' : 'they are'} locked out.${complete ? '' : ' The user directory did not answer in full, so there may be more.'} Nothing was changed.`,
    'Enrol them first, give days of grace or a later start; or insist (--force, "force": true).',
  );
}

function strandsYou(): Fault {
  return new Fault(
    'policy-would-strand',
    'You have not enrolled yourself, so this policy could lock you out. Nothing was changed.',
    'Switch two-factor on for yourself first, in Personal Settings.',
  );
}

/** For the audit trail. */
function inShort(rule: PolicyRule, from: Instant | null, force: boolean): string {
  const list = (word: string, names: readonly string[]) =>
    names.length > 0 ? [`${word}=${names.join(',')}`] : [];
  const names = (users: PolicyRule['users']) => users.map(({ name }) => name);
  return [
    `scope=${rule.scope}`,
    ...list('users', names(rule.users)),
    ...list('groups', rule.groups),
    ...list('except-users', names(rule.exceptUsers)),
    ...list('except-groups', rule.exceptGroups),
    `grace=${rule.graceDays}d`,
    ...(from === null ? [] : [`from=${toRfc3339(from)}`]),
    ...(force ? ['forced'] : []),
  ].join(' ');
}

function changed(version: number): Fault {
  return new Fault(
    'policy-changed',
    `The policy was changed by somebody else (it is at version ${version} now), or the request does not say which version it read. Nothing was changed.`,
    'Look at it again and repeat the change.',
  );
}
