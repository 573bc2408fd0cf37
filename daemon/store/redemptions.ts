// Owns the table redemption: logins completed on the daemon's own page, each redeemed once.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface Redemption {
  /** Hashes of the login's ID and of the proof: the table opens nothing to who reads it. */
  readonly login: Uint8Array;
  readonly proof: Uint8Array;
  readonly user: number;
  readonly generation: number;
  readonly policy: number;
  readonly givenName: string;
  readonly service: string;
  readonly address: string | null;
  readonly notice: string | null;
  readonly expiresAt: Instant;
  /** The device that is trusted when it is redeemed. */
  readonly device: number | null;
  readonly redeemed: 0 | 1;
}

export class Redemptions {
  readonly #insert;
  readonly #get;
  readonly #redeem;
  readonly #prune;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO redemption (login, proof, user, generation, policy, given_name, service, address, notice, expires_at, device, redeemed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
    );
    this.#get = db.prepare(
      `SELECT login, proof, user, generation, policy, given_name AS givenName, service, address, notice,
         expires_at AS expiresAt, device, redeemed FROM redemption WHERE login = ?`,
    );
    this.#redeem = db.prepare('UPDATE redemption SET redeemed = 1 WHERE login = ? AND redeemed = 0');
    this.#prune = db.prepare('DELETE FROM redemption WHERE expires_at <= ?');
  }

  /** Stores a completed login; those that expired go at the same time. */
  add(r: Omit<Redemption, 'redeemed'>, now: Instant): void {
    this.#prune.run(now);
    this.#insert.run(
      r.login,
      r.proof,
      r.user,
      r.generation,
      r.policy,
      r.givenName,
      r.service,
      r.address,
      r.notice,
      r.expiresAt,
      r.device,
    );
  }

  of(login: Uint8Array): Redemption | null {
    return (this.#get.get(login) as Redemption | undefined) ?? null;
  }

  /** True exactly once. */
  redeem(login: Uint8Array): boolean {
    return this.#redeem.run(login).changes === 1;
  }
}
