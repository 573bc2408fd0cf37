// Owns what is said when the state is not where it should be.

import { Fault } from '../kernel/fault.ts';

export function lost(path: string): Fault {
  return new Fault(
    'state-lost',
    `The database ${path} is gone although users had enrolled. Nobody is taken for "not enrolled" because of that.`,
    'Mount the medium that holds it, or put the state folder back from a backup.',
  );
}

export function nothingYet(path: string): Fault {
  return new Fault(
    'store-unavailable',
    `${path} holds no state yet: nobody has enrolled on this board.`,
    'Start the daemon: it makes the state at its first start.',
  );
}

export function readOnly(path: string): Fault {
  return new Fault(
    'store-read-only',
    `The medium that holds ${path} takes no writes any more. Logins go on in memory; this was not changed, because it would be gone after the next start.`,
    'Save the state with "fygo-2fa backup FILE" on another medium, replace this one, and restore. Do not restart before that.',
  );
}

export function full(path: string): Fault {
  return new Fault(
    'store-full',
    `The medium that holds ${path} is full. Logins go on; nobody can enrol, because a new secret might not be kept.`,
    'Free at least 1 MiB on it, then try again.',
  );
}

export function unfinished(path: string): Fault {
  return new Fault(
    'store-unavailable',
    `A restore or a change of the key of ${path} was interrupted after it had been decided. The next start finishes it.`,
    'Start the daemon.',
  );
}

export function notMounted(path: string): Fault {
  return new Fault(
    'store-unavailable',
    `${path} is not mounted (/etc/fstab says it should be), so no new state is made in the empty folder.`,
    'Mount the medium; the daemon looks again by itself.',
  );
}
