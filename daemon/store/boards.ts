// Owns the table board: which key the database belongs to, and the time that is known to be past.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface Board {
  readonly keyId: Uint8Array;
  /** No moment before this one is ever believed. */
  readonly floor: Instant;
}

export class Boards {
  readonly #get;
  readonly #insert;
  readonly #raise;
  readonly #put;
  readonly #putKey;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT key_id AS keyId, floor FROM board WHERE id = 1');
    this.#insert = db.prepare('INSERT INTO board (id, key_id, floor, created_at) VALUES (1, ?, ?, ?)');
    this.#put = db.prepare('UPDATE board SET floor = ? WHERE id = 1');
    this.#putKey = db.prepare('UPDATE board SET key_id = ? WHERE id = 1');
    this.#raise = db.prepare('UPDATE board SET floor = ? WHERE id = 1 AND floor < ?');
  }

  current(): Board | null {
    return (this.#get.get() as Board | undefined) ?? null;
  }

  create(keyId: Uint8Array, floor: Instant, now: Instant): void {
    this.#insert.run(keyId, floor, now);
  }

  /** Names the key that the database belongs to from now on. */
  putKey(keyId: Uint8Array): void {
    this.#putKey.run(keyId);
  }

  /** Puts the floor where root says, lower too. */
  putFloor(at: Instant): void {
    this.#put.run(at);
  }

  /** Raises the floor; it never falls by this. */
  raiseFloor(to: Instant): boolean {
    return this.#raise.run(to, to).changes === 1;
  }
}
