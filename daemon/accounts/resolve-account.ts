// Owns how root names a user: by a name that NSS or the daemon knows, or not at all.

import { Fault } from '../kernel/fault.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { identify } from './identify.ts';

export interface Named {
  readonly name: string;
  readonly uid: number;
  /** His row, where he has one. */
  readonly user: User | null;
}

/** @throws Fault `unknown-user`, `identity-changed`, `state-lost`, `key-missing`, `store-unavailable`, `directory-unavailable` */
export async function resolveAccount({ state, directory }: Parts, name: string): Promise<Named> {
  const problem = state.problem();
  if (problem) throw problem;
  const identity = await identify(state, directory, name, undefined);
  if (identity.kind === 'user') return { ...identity.user, user: identity.user };
  if (identity.kind === 'account')
    return { name: identity.account.name, uid: identity.account.uid, user: null };
  switch (identity.because) {
    case 'identity-changed':
      throw new Fault(
        'identity-changed',
        `The name ${name} or its uid belonged to another account when it was enrolled; it inherits nothing.`,
        `If that is right, forget the old account: fygo-2fa user reset ${name} --delete --reason "…".`,
      );
    case 'state-lost':
      throw new Fault(
        'state-lost',
        `${name} is in the roster, but the database has nothing of it, or something older.`,
        'Restore a backup; or start over for this user: fygo-2fa user reset NAME --delete --reason "…".',
      );
    case 'unknown-user':
      throw unknownUser(name);
    default:
      throw state.problem() ?? directoryUnavailable(name);
  }
}

export function unknownUser(name: string): Fault {
  return new Fault(
    'unknown-user',
    `There is no user ${name} on this system, and the daemon has never seen one.`,
    'Check the spelling with "getent passwd" and "fygo-2fa user list".',
  );
}

function directoryUnavailable(name: string): Fault {
  return new Fault(
    'directory-unavailable',
    `The system's user directory did not say who ${name} is.`,
    'Check the directory service (sssd, winbind, nslcd), then try again.',
  );
}
