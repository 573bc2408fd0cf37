// Owns who has to hear of what changes for everybody: administrators with a mailbox of their own.

import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { personOf } from './person.ts';

/** Administrators with a confirmed Security Email; who nobody knows to be one now is left out. @throws Fault `store-unavailable` */
export async function reachableAdministrators(parts: Parts): Promise<readonly User[]> {
  const { state, directory } = parts;
  const reachable = state.read((t) =>
    t.users.all().filter(({ id }) => t.securityEmails.confirmed(id) !== undefined),
  );
  const found: User[] = [];
  for (const user of reachable) {
    const known = await directory.resolve(user.name);
    const person = await personOf(parts, user, known.kind === 'found' ? known.account : null, true);
    if (person.administrator === true) found.push(user);
  }
  return found;
}
