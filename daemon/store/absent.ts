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

export function notMounted(path: string): Fault {
  return new Fault(
    'store-unavailable',
    `${path} is not mounted (/etc/fstab says it should be), so no new state is made in the empty folder.`,
    'Mount the medium; the daemon looks again by itself.',
  );
}
