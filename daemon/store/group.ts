// Owns group commit: writes that arrive together share one flush, each in a savepoint of its own.

import type { DatabaseSync } from 'node:sqlite';
import { Fault } from '../kernel/fault.ts';

interface Flushed {
  flush(): void;
}

interface Waiting {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * A write is resolved after its commit is on the medium, never before. What a write throws undoes that write
 * alone; when the commit fails, everyone who shared it is told so and nothing of it stays.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #log: Flushed;
  readonly #changes;
  // Prepared once: parsing them again would cost more than running them.
  readonly #begin;
  readonly #commit;
  readonly #savepoint;
  readonly #release;
  readonly #also;
  readonly #undone;
  /** Did the last commit reach the medium? */
  healthy = true;
  /** Did a flush fail? Then nobody knows what is on the medium until the database was closed and opened again. */
  broken = false;
  #queue: Waiting[] = [];

  /**
   * @param log is flushed after each commit that changed something.
   * @param also runs in each transaction that changed something, at its end.
   * @param undone is told whenever a write was undone, for whoever remembers what it read.
   */
  constructor(db: DatabaseSync, log: Flushed, also: () => void = () => {}, undone: () => void = () => {}) {
    this.#also = also;
    this.#undone = undone;
    this.#db = db;
    this.#log = log;
    this.#changes = db.prepare('SELECT total_changes() AS n');
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#savepoint = db.prepare('SAVEPOINT one');
    this.#release = db.prepare('RELEASE one');
  }

  /** Runs `work` in the next transaction. @throws Fault `store-unavailable` when it could not be committed. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let value: T;
      const waiting = {
        run: () => {
          value = work();
        },
        resolve: () => resolve(value),
        reject,
      };
      if (this.#queue.push(waiting) === 1) setImmediate(() => this.flush());
    });
  }

  /** Commits what is waiting now. */
  flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    if (batch.length === 0) return;
    const done: Waiting[] = [];
    const failed: [Waiting, unknown][] = [];
    try {
      const before = this.#changed();
      this.#begin.run();
      for (const one of batch) {
        const error = this.#attempt(one);
        if (error === undefined) done.push(one);
        else failed.push([one, error]);
      }
      if (this.#changed() !== before) this.#also();
      this.#commit.run();
      if (this.#changed() !== before) this.#flushLog();
      this.healthy = true;
    } catch (error) {
      this.healthy = false;
      this.#rollback();
      const fault = unavailable(error);
      for (const one of batch) one.reject(fault);
      return;
    }
    for (const [one, error] of failed) one.reject(error);
    for (const one of done) one.resolve();
  }

  /** Runs one write in a savepoint; gives back what it threw. @throws when the whole transaction is lost. */
  #attempt(one: Waiting): unknown {
    this.#savepoint.run();
    try {
      one.run();
      this.#release.run();
      return undefined;
    } catch (error) {
      // SQLite may have ended the transaction by itself (disk full, I/O error): then all who share it fail.
      if (!this.#db.isTransaction) throw error;
      this.#db.exec('ROLLBACK TO one');
      this.#undone();
      this.#release.run();
      return isSqlite(error) ? unavailable(error) : (error ?? new Error('a write threw nothing'));
    }
  }

  #flushLog(): void {
    try {
      this.#log.flush();
    } catch (error) {
      this.broken = true;
      throw error;
    }
  }

  #changed(): number {
    return (this.#changes.get() as { n: number }).n;
  }

  #rollback(): void {
    try {
      this.#undone();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The medium is gone; the next write says so again.
    }
  }
}

function isSqlite(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'ERR_SQLITE_ERROR';
}

export function unavailable(cause: unknown): Fault {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new Fault(
    'store-unavailable',
    `The two-factor database cannot be read or written at the moment${detail}, so nobody is let in on its word.`,
    'Look at "fygo-2fa status"; check free space and the health of the medium that holds the state folder.',
    cause,
  );
}
