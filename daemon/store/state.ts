// Owns the state of a board as a whole: key, database and roster, opened together or not at all.

import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Roster } from '../accounts/roster.ts';
import { Fault } from '../kernel/fault.ts';
import { type Instant, later, MINUTE, type Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { lost, nothingYet, notMounted } from './absent.ts';
import { openDatabase, schemaVersion } from './database.ts';
import { isThere, removeFile, replaceFile } from './files.ts';
import { GroupCommit, unavailable } from './group.ts';
import { createKey, type MasterKey, readKey, wrongKey } from './key.ts';
import type { Policy } from './policies.ts';
import { type Tables, tablesOf } from './tables.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

export interface StateOptions {
  readonly database: string;
  readonly key: string;
  /** Exists only while a new board's state is being made; nothing has been served before it is gone. */
  readonly marker: string;
  readonly roster: Roster;
  readonly auditRows: number;
  /** No earlier time is believed by a new board, and the least an old one's floor is raised to. */
  readonly floor: Instant;
  /** What the floor may be raised to now; `null` while nobody vouches for the time. */
  readonly lowest?: () => Instant | null;
  readonly random: Random;
  readonly elapsed: () => Millis;
  /** False: only look, make nothing. */
  readonly mayCreate: boolean;
  /** Is the medium that holds the state there? */
  readonly mounted: () => boolean;
  /** Brings database and roster together after opening, in one transaction. */
  readonly reconcile: (tables: Tables, roster: Roster) => void;
}

interface Open {
  readonly db: DatabaseSync;
  readonly log: WriteAheadLog;
  readonly commits: GroupCommit;
  readonly tables: Tables;
  readonly key: MasterKey;
  readonly schema: number;
  floor: Instant;
}

/** What a new board begins with: nobody has to. */
const INITIAL_POLICY: Policy = {
  scope: 'none',
  users: [],
  groups: [],
  exceptUsers: [],
  exceptGroups: [],
  graceDays: 7,
  version: 1,
};

/** How long a board that could not be opened is left alone before the next try. */
const RETRY: Millis = 1_000;

/**
 * Opens at construction and, when that failed, again when somebody asks and a second has passed: a medium that
 * comes late, or a key put back, needs no restart. Until then every use throws the Fault that says why.
 */
export class State {
  readonly #options: StateOptions;
  readonly roster: Roster;
  #open: Open | null = null;
  #problem: Fault | null = null;
  #triedAt: Millis = 0;
  #closed = false;

  constructor(options: StateOptions) {
    this.#options = options;
    this.roster = options.roster;
    this.#try();
  }

  /** Why nothing can be judged, or `null` when all is well. */
  problem(): Fault | null {
    if (this.#problem && !this.#closed && this.#options.elapsed() - this.#triedAt >= RETRY) this.#try();
    return this.#problem;
  }

  /** Looks at the state as last committed. @throws Fault when there is none. */
  read<T>(work: (tables: Tables) => T): T {
    const { tables } = this.#use();
    try {
      return work(tables);
    } catch (error) {
      throw (error as { code?: string }).code === 'ERR_SQLITE_ERROR' ? unavailable(error) : error;
    }
  }

  /** Changes the state; resolved when the change is on the medium. @throws Fault when it is not. */
  async write<T>(work: (tables: Tables) => T): Promise<T> {
    const open = this.#use();
    try {
      return await open.commits.write(() => work(open.tables));
    } catch (error) {
      if (open.commits.broken) this.#reopenLater(open, error);
      throw error;
    }
  }

  key(): MasterKey {
    return this.#use().key;
  }

  /** The schema's version, 0 while the database is not open. */
  schema(): number {
    return this.#open?.schema ?? 0;
  }

  /** The time that is known to be past; `null` while the database is not open. */
  floor(): Instant | null {
    return this.#open?.floor ?? null;
  }

  /** Raises the floor to what it may be raised to; one commit, or none where it has not moved by a minute. */
  async keepFloor(): Promise<void> {
    const open = this.#use();
    if (this.#due(open) !== null) await this.write((tables) => this.#raise(open, tables));
  }

  /** Puts the floor where root says, lower too, together with what has to follow from it. */
  async putFloor(at: Instant, also: (tables: Tables) => void): Promise<void> {
    const open = this.#use();
    const before = open.floor;
    try {
      await this.write((tables) => {
        tables.boards.putFloor(at);
        open.floor = at;
        also(tables);
      });
    } catch (error) {
      open.floor = before;
      throw error;
    }
  }

  /** Did the last commit reach the medium? */
  writable(): boolean {
    return this.#open?.commits.healthy ?? false;
  }

  /** Commits what waits and lets go of the database. */
  close(): void {
    this.#closed = true;
    this.#open?.commits.flush();
    this.#open?.log.close();
    this.#open?.db.close();
    this.#open = null;
    this.#problem = unavailable(new Error('the daemon is stopping'));
  }

  /** Where the floor should be, when that is more than a minute away: a login costs no page more than that often. */
  #due(open: { readonly floor: Instant }): Instant | null {
    const lowest = this.#options.lowest?.() ?? null;
    return lowest !== null && lowest > later(open.floor, MINUTE) ? lowest : null;
  }

  /** In memory it rises before the commit: should that fail, what was true stays true. */
  #raise(open: { floor: Instant }, tables: Tables): void {
    const due = this.#due(open);
    if (due === null) return;
    tables.boards.raiseFloor(due);
    open.floor = due;
  }

  /**
   * After a failed flush nobody knows what is on the medium, and a later flush may succeed without it. Only what
   * is read back after closing, which checkpoints, is believed again.
   */
  #reopenLater(failed: Open, error: unknown): void {
    if (this.#open !== failed) return;
    this.#open = null;
    this.#problem = error instanceof Fault ? error : unavailable(error);
    this.#triedAt = this.#options.elapsed();
    try {
      failed.log.close();
      failed.db.close();
    } catch {
      // The medium is gone; opening it again says so.
    }
  }

  #use(): Open {
    const problem = this.problem();
    if (problem) throw problem;
    return this.#open as Open;
  }

  #try(): void {
    this.#triedAt = this.#options.elapsed();
    try {
      this.#open = this.#openAll();
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof Fault ? error : unavailable(error);
    }
  }

  #openAll(): Open {
    const { database, key, marker, roster } = this.#options;
    const present = [database, key].filter(isThere).length + (roster.exists() ? 1 : 0);
    if (present === 0 || isThere(marker)) return this.#create();
    // Without its key the roster cannot be authenticated, but its names still say whose state is lost.
    roster.load(null);
    const master = readKey(key);
    roster.load(master.subkey('roster'));
    if (!isThere(database)) throw lost(database);
    return this.#finish(openDatabase(database, false), master);
  }

  /** Makes a new board: key, database, roster. A marker makes a power cut half-way start over, not degrade. */
  #create(): Open {
    const { database, key, marker, roster, random, mounted, floor } = this.#options;
    if (!this.#options.mayCreate) throw nothingYet(dirname(database));
    if (!mounted()) throw notMounted(dirname(database));
    mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
    replaceFile(marker, 'being made; removed when the board is ready\n', 0o600);
    const master = isThere(key) ? readKey(key) : createKey(key, random);
    for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${database}${part}`, { force: true });
    const db = openDatabase(database, true);
    try {
      const tables = tablesOf(db, this.#options.auditRows, { key: master, random });
      db.exec('BEGIN IMMEDIATE');
      tables.boards.create(master.id, floor, floor);
      tables.policies.put(INITIAL_POLICY, floor);
      db.exec('COMMIT');
      roster.load(master.subkey('roster'));
      roster.record();
      removeFile(marker);
    } catch (error) {
      db.close();
      throw error;
    }
    return this.#finish(db, master);
  }

  #finish(db: DatabaseSync, key: MasterKey): Open {
    try {
      const { auditRows, random } = this.#options;
      const tables = tablesOf(db, auditRows, { key, random });
      const board = tables.boards.current();
      if (!board) throw new Error('the row that names the board is missing');
      if (!key.id.equals(board.keyId)) throw wrongKey(this.#options.key);
      db.exec('BEGIN IMMEDIATE');
      tables.boards.raiseFloor(this.#options.floor);
      this.#options.reconcile(tables, this.roster);
      db.exec('COMMIT');
      this.#complete(tables);
      const floor = tables.boards.current()?.floor ?? this.#options.floor;
      const log = new WriteAheadLog(this.#options.database);
      db.exec('PRAGMA synchronous = NORMAL');
      const commits = new GroupCommit(db, log, () => this.#raise(open, tables));
      const open: Open = { db, tables, key, log, commits, schema: schemaVersion(db), floor };
      return open;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** What was committed and not written to the roster any more is written now. */
  #complete(tables: Tables): void {
    const behind = tables.users.all().filter(({ name, counter }) => {
      const entry = this.roster.byName(name);
      return !entry || entry.counter < counter;
    });
    if (behind.length === 0 && this.roster.sound && this.roster.exists()) return;
    try {
      if (!this.roster.sound) this.roster.setAside();
      this.roster.record(...behind);
    } catch {
      // A read-only /etc: the daemon runs degraded (roster.sound is false) rather than not at all.
    }
  }
}
