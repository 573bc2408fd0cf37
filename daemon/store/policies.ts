// Owns the table policy: who has to use two-factor, and which version of that is in force.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface Policy {
  readonly scope: 'none' | 'all';
  readonly graceDays: number;
  readonly version: number;
}

export class Policies {
  readonly #get;
  readonly #put;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT scope, grace_days AS graceDays, version FROM policy WHERE id = 1');
    this.#put = db.prepare(
      `INSERT INTO policy (id, scope, grace_days, version, changed_at) VALUES (1, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, grace_days = excluded.grace_days,
         version = excluded.version, changed_at = excluded.changed_at`,
    );
  }

  /** The policy in force. A board without the row is broken: it must not read as "nobody has to". */
  current(): Policy {
    const row = this.#get.get() as Policy | undefined;
    if (!row) throw new Error('the policy row is missing');
    return row;
  }

  put(policy: Policy, now: Instant): void {
    this.#put.run(policy.scope, policy.graceDays, policy.version, now);
  }
}
