// Owns the table security_email: the address that counts, and one that waits to be confirmed.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';
import type { Locale } from '../mail/letter.ts';

export interface SecurityEmail {
  readonly user: number;
  /** Confirmed by a mailed code. */
  readonly address: string | null;
  readonly confirmedAt: Instant | null;
  /** Set, and not confirmed yet. */
  readonly pending: string | null;
  /** The language of the user's letters. */
  readonly locale: Locale;
}

export class SecurityEmails {
  readonly #of;
  readonly #pend;
  readonly #confirm;
  readonly #forget;
  readonly #remove;
  readonly #count;

  constructor(db: DatabaseSync) {
    this.#of = db.prepare(
      `SELECT user, address, confirmed_at AS confirmedAt, pending, locale FROM security_email WHERE user = ?`,
    );
    this.#pend = db.prepare(
      `INSERT INTO security_email (user, pending, locale) VALUES (?1, ?2, ?3)
       ON CONFLICT (user) DO UPDATE SET pending = ?2, locale = ?3`,
    );
    this.#confirm = db.prepare(
      `UPDATE security_email SET address = pending, confirmed_at = ?2, pending = NULL
       WHERE user = ?1 AND pending IS NOT NULL`,
    );
    this.#forget = db.prepare(
      'UPDATE security_email SET pending = NULL WHERE user = ? AND address IS NOT NULL',
    );
    this.#remove = db.prepare('DELETE FROM security_email WHERE user = ?');
    this.#count = db.prepare('SELECT count(*) AS n FROM security_email WHERE address IS NOT NULL');
  }

  of(user: number): SecurityEmail | null {
    return (this.#of.get(user) as SecurityEmail | undefined) ?? null;
  }

  /** Where codes and notices go; `undefined` while no address counts. */
  confirmed(user: number): { readonly address: string; readonly locale: Locale } | undefined {
    const { address = null, locale = 'en' } = this.of(user) ?? {};
    return address === null ? undefined : { address, locale };
  }

  /** How many users have one that counts. */
  count(): number {
    return (this.#count.get() as { n: number }).n;
  }

  /** A new address, beside the one that counts until it is confirmed. */
  pend(user: number, address: string, locale: Locale): void {
    this.#pend.run(user, address, locale);
  }

  /** The address that waits counts from now on. False where none waits. */
  confirm(user: number, now: Instant): boolean {
    return this.#confirm.run(user, now).changes === 1;
  }

  /** The address that waits is given up; one that counts stays. */
  forgetPending(user: number): void {
    if (this.#forget.run(user).changes === 0) this.#remove.run(user);
  }

  remove(user: number): void {
    this.#remove.run(user);
  }
}
