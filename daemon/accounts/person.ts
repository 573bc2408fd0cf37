// Owns what a policy has to know of an account: whether he is an administrator, and which groups he is in now.

import type { Person } from '../policy/requirement.ts';
import type { Parts } from '../service/parts.ts';
import { type Account, isAdministrator, isLoginAccount } from './account.ts';

type Means = Pick<Parts, 'directory' | 'config'>;

/**
 * The person behind a name. Groups are asked for anew, so that whoever enters or leaves one is covered, or not, at
 * the next login; where the directory cannot answer they are as last known, and `null` where they never were.
 * @param account what NSS last said, `null` where it never did: then he counts as one who can log in
 * @param withGroups false saves the look-up where nothing hangs on groups
 */
export async function personOf(
  means: Means,
  { name, uid }: { readonly name: string; readonly uid: number },
  account: Account | null,
  withGroups: boolean,
): Promise<Person> {
  const groups = withGroups && account ? await means.directory.groupsNow(account).catch(() => null) : null;
  return {
    name,
    uid,
    loginAccount: account ? isLoginAccount(account) : true,
    groups,
    administrator: administratorOf(means, uid, account, groups),
  };
}

/** The same from memory, without asking anybody: for counts that must not wait. */
export function rememberedPerson(means: Means, who: { readonly name: string; readonly uid: number }): Person {
  const account = means.directory.peek(who.name);
  const groups = account && means.directory.peekGroups(account);
  return {
    name: who.name,
    uid: who.uid,
    loginAccount: account ? isLoginAccount(account) : true,
    groups,
    administrator: administratorOf(means, who.uid, account, groups),
  };
}

function administratorOf(
  { config }: Means,
  uid: number,
  account: Account | null,
  groups: readonly string[] | null,
): boolean | null {
  if (uid === 0) return true;
  if (account === null || groups === null) return null;
  return isAdministrator(account, groups, config.accounts.administratorGroups);
}
