// Owns the table password_reset: when a user's password was last reset by mail.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export class PasswordResets {
  readonly #at;
  readonly #put;
  readonly #clear;

  constructor(db: DatabaseSync) {
    this.#at = db.prepare('SELECT at FROM password_reset WHERE user = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO password_reset (user, at) VALUES (?, ?)');
    this.#clear = db.prepare('DELETE FROM password_reset WHERE user = ?');
  }

  /** `null` where none was, or a login by another method succeeded since. */
  at(user: number): Instant | null {
    return (this.#at.get(user) as { at: Instant } | undefined)?.at ?? null;
  }

  put(user: number, now: Instant): void {
    this.#put.run(user, now);
  }

  clear(user: number): void {
    this.#clear.run(user);
  }
}
