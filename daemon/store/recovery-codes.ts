// Owns the table recovery_code: keyed hashes of codes that work once, and of one-time passes.

import type { DatabaseSync } from 'node:sqlite';
import { HOUR, type Instant, type Millis } from '../kernel/instant.ts';

export type RecoveryKind = 'code' | 'pass';

/** Longer than any pass lives: one that ends later was issued by a clock in the future. */
const LONGEST: Millis = 25 * HOUR;

/** The condition that a code works at the instant of the parameter `now`. */
function works(now: string): string {
  return `(expires_at IS NULL OR (expires_at > ${now} AND expires_at <= ${now} + ${LONGEST}))`;
}

export class RecoveryCodes {
  readonly #insert;
  readonly #take;
  readonly #clear;
  readonly #count;
  readonly #pass;
  readonly #without;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      'INSERT INTO recovery_code (user, hash, kind, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#take = db.prepare(
      `DELETE FROM recovery_code WHERE user = ?1 AND hash = ?2 AND ${works('?3')} RETURNING kind`,
    );
    this.#clear = db.prepare('DELETE FROM recovery_code WHERE user = ? AND kind = ?');
    this.#count = db.prepare(`SELECT count(*) AS n FROM recovery_code WHERE user = ?1 AND ${works('?2')}`);
    this.#pass = db.prepare("SELECT expires_at AS until FROM recovery_code WHERE user = ? AND kind = 'pass'");
    this.#without = db.prepare(
      `SELECT user.id, user.name FROM factor JOIN user ON user.id = factor.user WHERE NOT EXISTS (
         SELECT 1 FROM recovery_code AS r WHERE r.user = factor.user AND ${works('?1')}) ORDER BY user.name`,
    );
  }

  /** Puts new ones in place of all of that kind. `expires` belongs to passes alone. */
  replace(
    user: number,
    kind: RecoveryKind,
    hashes: readonly Uint8Array[],
    now: Instant,
    expires: Instant | null,
  ): void {
    this.#clear.run(user, kind);
    for (const hash of hashes) this.#insert.run(user, hash, kind, now, expires);
  }

  /** Spends one: its kind exactly once, `null` for anything else. */
  take(user: number, hash: Uint8Array, now: Instant): RecoveryKind | null {
    return (this.#take.get(user, hash, now) as { kind: RecoveryKind } | undefined)?.kind ?? null;
  }

  clear(user: number): void {
    this.#clear.run(user, 'code');
    this.#clear.run(user, 'pass');
  }

  /** How many work now. */
  left(user: number, now: Instant): number {
    return (this.#count.get(user, now) as { n: number }).n;
  }

  /** Users with a factor who have none that works now, by name. */
  without(now: Instant): { readonly id: number; readonly name: string }[] {
    return this.#without.all(now) as unknown as { id: number; name: string }[];
  }

  /** Until when the user's one-time pass works, if there is one. */
  passUntil(user: number): Instant | null {
    return (this.#pass.get(user) as { until: Instant } | undefined)?.until ?? null;
  }
}
