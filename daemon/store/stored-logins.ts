// Owns the table stored_login: logins that wait for a mailed code, so that a restart does not end them.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface StoredLogin {
  /** A hash of the login's ID. */
  readonly login: Uint8Array;
  readonly user: number;
  readonly generation: number;
  readonly policy: number;
  readonly givenName: string;
  readonly service: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly locale: string | null;
  readonly lane: 'strangers' | 'known';
  readonly source: string;
  readonly expiresAt: Instant;
}

export class StoredLogins {
  readonly #put;
  readonly #of;
  readonly #remove;
  readonly #prune;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO stored_login
         (login, user, generation, policy, given_name, service, address, user_agent, locale, lane, source, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#of = db.prepare(
      `SELECT login, user, generation, policy, given_name AS givenName, service, address, user_agent AS userAgent, locale,
         lane, source, expires_at AS expiresAt FROM stored_login WHERE login = ?`,
    );
    this.#remove = db.prepare('DELETE FROM stored_login WHERE login = ?');
    this.#prune = db.prepare('DELETE FROM stored_login WHERE expires_at <= ?');
  }

  /** Stores a login; those that expired go at the same time. */
  put(l: StoredLogin, now: Instant): void {
    this.#prune.run(now);
    this.#put.run(
      l.login,
      l.user,
      l.generation,
      l.policy,
      l.givenName,
      l.service,
      l.address,
      l.userAgent,
      l.locale,
      l.lane,
      l.source,
      l.expiresAt,
    );
  }

  of(login: Uint8Array): StoredLogin | null {
    return (this.#of.get(login) as StoredLogin | undefined) ?? null;
  }

  remove(login: Uint8Array): void {
    this.#remove.run(login);
  }
}
