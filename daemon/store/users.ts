// Owns the table user: who has ever had something to remember.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly uid: number;
  /** Moves on with each change of password or factor; what was issued before dies. */
  readonly generation: number;
  /** Raised by what must not be undone by an older database; compared with the roster. */
  readonly counter: number;
  readonly graceFrom: Instant | null;
  /** When the pipeline said that the account was removed. */
  readonly removedAt: Instant | null;
  /** Since when the directory does not know the name; absence alone decides nothing. */
  readonly missingSince: Instant | null;
}

const COLUMNS = `id, name, uid, generation, counter, grace_from AS graceFrom, removed_at AS removedAt,
  missing_since AS missingSince`;

export class Users {
  readonly #byName;
  readonly #byUid;
  readonly #byId;
  readonly #all;
  readonly #count;
  readonly #insert;
  readonly #update;
  readonly #delete;

  constructor(db: DatabaseSync) {
    this.#byName = db.prepare(`SELECT ${COLUMNS} FROM user WHERE name = ?`);
    this.#byUid = db.prepare(`SELECT ${COLUMNS} FROM user WHERE uid = ?`);
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM user WHERE id = ?`);
    this.#all = db.prepare(`SELECT ${COLUMNS} FROM user ORDER BY name`);
    this.#count = db.prepare('SELECT count(*) AS n FROM user');
    this.#insert = db.prepare('INSERT INTO user (name, uid, generation, counter) VALUES (?, ?, 1, 0)');
    this.#update = db.prepare(
      `UPDATE user SET uid = ?, generation = ?, counter = ?, grace_from = ?, removed_at = ?, missing_since = ?
       WHERE id = ?`,
    );
    this.#delete = db.prepare('DELETE FROM user WHERE id = ?');
  }

  byName(name: string): User | null {
    return (this.#byName.get(name) as User | undefined) ?? null;
  }

  byUid(uid: number): User | null {
    return (this.#byUid.get(uid) as User | undefined) ?? null;
  }

  byId(id: number): User | null {
    return (this.#byId.get(id) as User | undefined) ?? null;
  }

  all(): User[] {
    return this.#all.all() as unknown as User[];
  }

  count(): number {
    return (this.#count.get() as { n: number }).n;
  }

  /** @throws when the name or the uid belongs to somebody already. */
  add(name: string, uid: number): User {
    const { lastInsertRowid } = this.#insert.run(name, uid);
    return this.byId(Number(lastInsertRowid)) as User;
  }

  save(user: User): User {
    const { id, uid, generation, counter, graceFrom, removedAt, missingSince } = user;
    this.#update.run(uid, generation, counter, graceFrom, removedAt, missingSince, id);
    return user;
  }

  remove(user: User): void {
    this.#delete.run(user.id);
  }
}
