// Owns the tables factor and burnt_step: a user's seed (sealed), what is spent of it, and its throttle.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';

/** A row as it is stored; `secret` is sealed. */
export interface Factor {
  readonly user: number;
  readonly secret: Uint8Array;
  readonly enrolledAt: Instant;
  readonly enrolledStep: number;
  readonly lastStep: number;
  readonly earliestStep: number;
  /** 1: more than one code is asked for first (after a rollback or a restore). */
  readonly pairFirst: 0 | 1;
  readonly drift: -1 | 0 | 1;
  readonly lastLogin: Instant | null;
  readonly bucket: number;
  readonly bucketAt: Instant;
  readonly strangersFailures: number;
  readonly strangersFailedAt: Instant;
  readonly knownFailures: number;
  readonly knownFailedAt: Instant;
  readonly stepUpFailures: number;
  readonly stepUpFailedAt: Instant;
}

/** Column by property: the one place that knows both names. */
const NAMES: Readonly<Record<keyof Factor, string>> = {
  user: 'user',
  secret: 'secret',
  enrolledAt: 'enrolled_at',
  enrolledStep: 'enrolled_step',
  lastStep: 'last_step',
  earliestStep: 'earliest_step',
  pairFirst: 'pair_first',
  drift: 'drift',
  lastLogin: 'last_login',
  bucket: 'bucket',
  bucketAt: 'bucket_at',
  strangersFailures: 'strangers_failures',
  strangersFailedAt: 'strangers_failed_at',
  knownFailures: 'known_failures',
  knownFailedAt: 'known_failed_at',
  stepUpFailures: 'step_up_failures',
  stepUpFailedAt: 'step_up_failed_at',
};
const KEYS = Object.keys(NAMES) as (keyof Factor)[];
const FIXED: readonly (keyof Factor)[] = ['user', 'secret', 'enrolledAt', 'enrolledStep', 'lastStep'];
const CHANGING = KEYS.filter((key) => !FIXED.includes(key));

export class Factors {
  readonly #get;
  readonly #insert;
  readonly #delete;
  readonly #save;
  readonly #spend;
  readonly #heal;
  readonly #burn;
  readonly #burnt;
  readonly #prune;
  readonly #startAt;
  readonly #count;

  constructor(db: DatabaseSync) {
    const columns = KEYS.map((key) => `${NAMES[key]} AS ${key}`).join(', ');
    this.#get = db.prepare(`SELECT ${columns} FROM factor WHERE user = ?`);
    this.#insert = db.prepare(
      `INSERT INTO factor (${KEYS.map((key) => NAMES[key]).join(', ')}) VALUES (${KEYS.map(() => '?').join(', ')})`,
    );
    this.#delete = db.prepare('DELETE FROM factor WHERE user = ?');
    this.#save = db.prepare(
      `UPDATE factor SET ${CHANGING.map((key) => `${NAMES[key]} = ?`).join(', ')} WHERE user = ?`,
    );
    this.#spend = db.prepare('UPDATE factor SET last_step = ? WHERE user = ? AND last_step < ?');
    this.#heal = db.prepare('UPDATE factor SET last_step = ? WHERE user = ? AND last_step = ?');
    this.#burn = db.prepare('INSERT OR IGNORE INTO burnt_step (user, step) VALUES (?, ?)');
    this.#burnt = db.prepare('SELECT step FROM burnt_step WHERE user = ?');
    this.#prune = db.prepare('DELETE FROM burnt_step WHERE user = ? AND step < ?');
    this.#startAt = db.prepare('UPDATE factor SET earliest_step = max(earliest_step, ?), pair_first = 1');
    this.#count = db.prepare('SELECT count(*) AS n FROM factor');
  }

  of(user: number): Factor | null {
    return (this.#get.get(user) as Factor | undefined) ?? null;
  }

  count(): number {
    return (this.#count.get() as { n: number }).n;
  }

  /** @throws when the user has a factor already. */
  add(factor: Factor): void {
    this.#insert.run(...KEYS.map((key) => factor[key]));
  }

  remove(user: number): void {
    this.#delete.run(user);
  }

  /** Saves what changes with use. What is spent moves by `spend` and `heal` alone. */
  save(factor: Factor): void {
    this.#save.run(...CHANGING.map((key) => factor[key]), factor.user);
  }

  /** Spends a step: true exactly once for each step and never for a lower one. */
  spend(user: number, step: number): boolean {
    return this.#spend.run(step, user, step).changes === 1;
  }

  /** Moves what is spent back from `ahead`, left by a clock that ran in the future; `ahead` itself stays burnt. */
  heal(user: number, step: number, ahead: number): boolean {
    const moved = this.#heal.run(step, user, ahead).changes === 1;
    if (moved) this.burn(user, ahead);
    return moved;
  }

  burn(user: number, step: number): void {
    this.#burn.run(user, step);
  }

  burnt(user: number): ReadonlySet<number> {
    return new Set((this.#burnt.all(user) as { step: number }[]).map(({ step }) => step));
  }

  /** For everybody: no step before this one counts, and more than one code is asked for first. */
  startAt(step: number): void {
    this.#startAt.run(step);
  }

  /** Forgets burnt steps that are spent anyway. */
  prune(user: number, below: number): void {
    this.#prune.run(user, below);
  }
}
