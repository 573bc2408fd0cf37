// Owns where everything lies: on a system, or below one folder with --root.

import { join } from 'node:path';

export interface Places {
  readonly config: string;
  readonly roster: string;
  readonly run: string;
  readonly database: string;
  readonly key: string;
  readonly marker: string;
  /** Where the state is kept while its medium takes no writes. */
  readonly shadow: { readonly folder: string; readonly note: string };
  /** Stands in for NSS when it holds passwd and group; `null` without --root, where nothing may. */
  readonly accounts: string | null;
}

/** @param root the folder given with --root, `null` for the system's own places. */
export function placesOf(root: string | null): Places {
  const etc = root === null ? '/etc/fygo-2fa' : join(root, 'etc');
  const state = root === null ? '/var/lib/fygo-2fa' : join(root, 'var');
  const run = root === null ? '/run/fygo-2fa' : join(root, 'run');
  return {
    config: join(etc, 'config.toml'),
    roster: join(etc, 'roster'),
    run,
    database: join(state, 'state.db'),
    key: join(state, 'key', 'master.key'),
    marker: join(state, 'initialising'),
    shadow: { folder: join(run, 'state'), note: join(etc, 'state-in-memory') },
    accounts: root === null ? null : etc,
  };
}
