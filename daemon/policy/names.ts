// Owns the check of the users and groups that a policy names: each has to exist, and those that do not are named.

import { Fault } from '../kernel/fault.ts';
import type { Parts } from '../service/parts.ts';
import type { PolicyWanted } from '../wire/admin.ts';
import type { NamedUser, PolicyRule } from './requirement.ts';

/**
 * The rule with canonical names and uids.
 * @throws Fault `policy-names-unknown`, naming each; `directory-unavailable` where it cannot be known
 */
export async function resolveNames({ directory }: Parts, wanted: PolicyWanted): Promise<PolicyRule> {
  const missing: string[] = [];
  const unsure: string[] = [];
  const users = async (names: readonly string[]): Promise<NamedUser[]> => {
    const found = new Map<number, NamedUser>();
    for (const name of names) {
      const answer = await directory.resolve(name);
      if (answer.kind === 'found') found.set(answer.account.uid, userOf(answer.account));
      else (answer.kind === 'unknown' ? missing : unsure).push(`user ${name}`);
    }
    return [...found.values()];
  };
  const groups = async (names: readonly string[]): Promise<string[]> => {
    const found = new Set<string>();
    for (const name of names) {
      const answer = await directory.group(name);
      if (answer.kind === 'found') found.add(answer.name);
      else (answer.kind === 'unknown' ? missing : unsure).push(`group ${name}`);
    }
    return [...found];
  };
  const rule: PolicyRule = {
    scope: wanted.scope,
    graceDays: wanted.graceDays,
    users: await users(wanted.users),
    groups: await groups(wanted.groups),
    exceptUsers: await users(wanted.exceptUsers),
    exceptGroups: await groups(wanted.exceptGroups),
  };
  if (missing.length > 0) throw unknownNames(missing);
  if (unsure.length > 0) throw unsureNames(unsure);
  return rule;
}

function userOf({ name, uid }: NamedUser): NamedUser {
  return { name, uid };
}

function unknownNames(names: readonly string[]): Fault {
  return new Fault(
    'policy-names-unknown',
    `This system does not know: ${names.join(', ')}. The policy was not changed.`,
    'Check the spelling with "getent passwd NAME" and "getent group NAME"; names are compared to the letter.',
  );
}

function unsureNames(names: readonly string[]): Fault {
  return new Fault(
    'directory-unavailable',
    `The system's user directory did not say whether there is: ${names.join(', ')}. The policy was not changed.`,
    'Check the directory service (sssd, winbind, nslcd), then try again.',
  );
}
