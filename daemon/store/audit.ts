// Owns the table audit: what was decided, append-only and bounded.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

export interface AuditEntry {
  readonly at: Instant;
  readonly user: string;
  readonly service: string | null;
  readonly address: string | null;
  readonly outcome: string;
  readonly because: string | null;
  /** Who decided, where it was not the user himself. */
  readonly actor?: string | null;
}

export interface AuditRow extends AuditEntry {
  readonly id: number;
  readonly actor: string | null;
}

export interface AuditFilter {
  readonly user?: string | undefined;
  readonly since?: Instant | undefined;
  /** Only rows older than this one: the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How many rows are looked at between two trims. */
const TRIM_EVERY = 64;

export class Audit {
  readonly #insert;
  readonly #select;
  readonly #trim;
  readonly #firstSince;
  readonly #last;
  readonly #most: number;
  #added: AuditEntry[] = [];

  constructor(db: DatabaseSync, most: number) {
    this.#most = most;
    this.#insert = db.prepare(
      'INSERT INTO audit (at, user, service, address, outcome, because, actor) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#select = db.prepare(
      `SELECT id, at, user, service, address, outcome, because, actor FROM audit
       WHERE (?1 IS NULL OR user = ?1) AND (?2 IS NULL OR at >= ?2) AND (?3 IS NULL OR id < ?3)
       ORDER BY id DESC LIMIT ?4`,
    );
    this.#trim = db.prepare('DELETE FROM audit WHERE id <= ?');
    // From the oldest row on, up to the first that stays: no index on the time is needed.
    this.#firstSince = db.prepare('SELECT id FROM audit WHERE at >= ? ORDER BY id LIMIT 1');
    this.#last = db.prepare('SELECT max(id) AS id FROM audit');
  }

  add(entry: AuditEntry): void {
    const { at, user, service, address, outcome, because, actor = null } = entry;
    const { lastInsertRowid } = this.#insert.run(at, user, service, address, outcome, because, actor);
    const id = Number(lastInsertRowid);
    if (id % TRIM_EVERY === 0 && id > this.#most) this.#trim.run(id - this.#most);
    this.#added.push(entry);
  }

  /** What was added since this was last asked. */
  taken(): readonly AuditEntry[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  /**
   * Forgets rows from before `cutoff`, up to the first one that is not. The newest row always stays: numbers
   * must go on rising.
   */
  forgetBefore(cutoff: Instant): void {
    const stays = this.#firstSince.get(cutoff) as { id: number } | undefined;
    const { id: last } = this.#last.get() as { id: number | null };
    const first = stays?.id ?? last;
    if (first !== null) this.#trim.run(first - 1);
  }

  /** Newest first. */
  rows(filter: AuditFilter): AuditRow[] {
    const { user = null, since = null, before = null, limit } = filter;
    return this.#select.all(user, since, before, limit) as unknown as AuditRow[];
  }
}
