// Owns the tables trusted_device and device_token: whom a device belongs to, and the hashes of its tokens.

import type { DatabaseSync } from 'node:sqlite';
import type { Device, Ending } from '../devices/standing.ts';
import type { Instant } from '../kernel/instant.ts';

/** 0: nobody has presented it; 1: presented; 2: another one of its device was presented in its place. */
export type TokenState = 0 | 1 | 2;

export type NewDevice = Omit<Device, 'id' | 'lastUsed' | 'rotatedAt' | 'endedAt' | 'because'>;

const COLUMNS = `id, user, generation, name, browser, system, address, since, last_used AS lastUsed,
  rotated_at AS rotatedAt, until, ended_at AS endedAt, because`;

/** So many of a user's devices that ended are remembered, to say why. */
const REMEMBERED = 20;

export class Devices {
  readonly #insert;
  readonly #byId;
  readonly #of;
  readonly #forgetUnissued;
  readonly #use;
  readonly #end;
  readonly #forget;
  readonly #tokenInsert;
  readonly #token;
  readonly #present;
  readonly #supersede;
  readonly #forgetSuperseded;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO trusted_device (user, generation, name, browser, system, address, since, last_used, rotated_at, until)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7, ?8)`,
    );
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM trusted_device WHERE id = ?`);
    this.#of = db.prepare(
      `SELECT ${COLUMNS}, EXISTS (SELECT 1 FROM device_token WHERE device = id) AS issued
       FROM trusted_device WHERE user = ? ORDER BY id`,
    );
    this.#forgetUnissued = db.prepare(
      `DELETE FROM trusted_device WHERE user = ? AND since < ?
         AND NOT EXISTS (SELECT 1 FROM device_token WHERE device = id)`,
    );
    this.#use = db.prepare(
      'UPDATE trusted_device SET last_used = ?2, rotated_at = ?2, address = ?3 WHERE id = ?1',
    );
    this.#end = db.prepare(
      'UPDATE trusted_device SET ended_at = ?2, because = ?3 WHERE id = ?1 AND ended_at IS NULL',
    );
    this.#forget = db.prepare(
      `DELETE FROM trusted_device WHERE user = ?1 AND ended_at IS NOT NULL AND id NOT IN (
         SELECT id FROM trusted_device WHERE user = ?1 AND ended_at IS NOT NULL
         ORDER BY ended_at DESC, id DESC LIMIT ${REMEMBERED})`,
    );
    this.#tokenInsert = db.prepare('INSERT INTO device_token (hash, device, state) VALUES (?, ?, 0)');
    this.#token = db.prepare(
      `SELECT state, ${COLUMNS} FROM device_token JOIN trusted_device ON id = device WHERE hash = ?`,
    );
    this.#present = db.prepare('UPDATE device_token SET state = 1 WHERE hash = ?');
    this.#supersede = db.prepare(
      'UPDATE device_token SET state = 2 WHERE device = ? AND hash <> ? AND state <> 2',
    );
    this.#forgetSuperseded = db.prepare('DELETE FROM device_token WHERE device = ? AND state = 2');
  }

  /** A new device; it has no token yet. */
  add(device: NewDevice): Device {
    const { user, generation, name, browser, system, address, since, until } = device;
    const row = this.#insert.run(user, generation, name, browser, system, address, since, until);
    return this.byId(Number(row.lastInsertRowid)) as Device;
  }

  byId(id: number): Device | null {
    return (this.#byId.get(id) as Device | undefined) ?? null;
  }

  /** All that are remembered of a user, ended ones included, oldest first; `issued`: did it ever get a token? */
  of(user: number): (Device & { readonly issued: 0 | 1 })[] {
    return this.#of.all(user) as unknown as (Device & { issued: 0 | 1 })[];
  }

  /** Forgets a user's devices from before `since` whose token nobody fetched. */
  forgetUnissued(user: number, since: Instant): void {
    this.#forgetUnissued.run(user, since);
  }

  /** Writes down that it was used now; a day's rotation goes with it. */
  use(id: number, at: Instant, address: string | null): void {
    this.#use.run(id, at, address);
  }

  /** Ends one that has not ended; its spent tokens are forgotten, and so are its user's oldest ended devices. */
  end({ id, user }: Pick<Device, 'id' | 'user'>, at: Instant, because: Ending): boolean {
    if (this.#end.run(id, at, because).changes !== 1) return false;
    this.#forgetSuperseded.run(id);
    this.#forget.run(user);
    return true;
  }

  addToken(hash: Uint8Array, device: number): void {
    this.#tokenInsert.run(hash, device);
  }

  /** The device whose token it is, and what has become of that token. */
  byToken(hash: Uint8Array): { readonly state: TokenState; readonly device: Device } | null {
    const row = this.#token.get(hash) as (Device & { state: TokenState }) | undefined;
    if (!row) return null;
    const { state, ...device } = row;
    return { state, device };
  }

  /** It was presented: from now on it is its device's only token. */
  present(hash: Uint8Array, device: number): void {
    this.#present.run(hash);
    this.#supersede.run(device, hash);
  }
}
