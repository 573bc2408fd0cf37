// Owns the list of people whom a policy could mean: everybody the directory, the database and the policy name.

import type { Person } from '../policy/requirement.ts';
import type { Parts } from '../service/parts.ts';
import { type Account, isLoginAccount } from './account.ts';
import { personOf } from './person.ts';

export interface People {
  readonly people: readonly Person[];
  /** False where the directory did not list everybody, or did not say somebody's groups. */
  readonly complete: boolean;
}

/** As many look-ups of NSS as run at once; more would only wait, and waiting counts against their time-out. */
const AT_ONCE = 4;

/**
 * Everybody who can log in, in order of name. A network directory may list nobody: then it is who is known, who is
 * named, and the listed members of `groups`.
 * @throws Fault `store-unavailable`
 */
export async function peopleInReach(
  parts: Parts,
  named: { readonly users: readonly string[]; readonly groups: readonly string[] },
): Promise<People> {
  const { state, directory } = parts;
  let complete = true;
  const listed = await directory.list().catch(() => {
    complete = false;
    return [];
  });
  const byName = new Map(listed.map((account) => [account.name, account]));
  const wanted = new Set([...named.users, ...state.read((t) => t.users.all()).map(({ name }) => name)]);
  for (const name of named.groups) {
    const group = await directory.group(name);
    if (group.kind === 'found') for (const member of group.members) wanted.add(member);
    else complete = false;
  }
  for (const name of wanted) {
    if (byName.has(name)) continue;
    const found = await directory.resolve(name);
    if (found.kind === 'found') byName.set(found.account.name, found.account);
    else if (found.kind === 'unavailable') complete = false;
  }
  const accounts = [...byName.values()].filter(isLoginAccount).sort((a, b) => (a.name < b.name ? -1 : 1));
  const people = await inBatches(accounts, (account) => personOf(parts, account, account, true));
  return { people, complete: complete && people.every(({ groups }) => groups !== null) };
}

async function inBatches(
  accounts: readonly Account[],
  ask: (account: Account) => Promise<Person>,
): Promise<Person[]> {
  const people: Person[] = [];
  for (let from = 0; from < accounts.length; from += AT_ONCE) {
    people.push(...(await Promise.all(accounts.slice(from, from + AT_ONCE).map(ask))));
  }
  return people;
}
