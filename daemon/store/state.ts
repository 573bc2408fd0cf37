// Owns the state of a board while the daemon runs: who may read and write it, and what happens when its medium fails.

import { dirname } from 'node:path';
import type { Roster } from '../accounts/roster.ts';
import { Fault } from '../kernel/fault.ts';
import { type Instant, later, MINUTE, type Millis } from '../kernel/instant.ts';
import { full, readOnly } from './absent.ts';
import type { AuditEntry } from './audit.ts';
import { dropBallast } from './ballast.ts';
import { contentsOf, tablesFor } from './contents.ts';
import { isDamage } from './database.ts';
import type { Fate } from './fates.ts';
import { GroupCommit, unavailable } from './group.ts';
import type { MasterKey } from './key.ts';
import { LEAST_ROOM, refusesWrites, roomOn } from './medium.ts';
import { ballastOf, type Opened, openBoard, type StateOptions } from './opening.ts';
import type { Saved } from './rebuild.ts';
import { readNote } from './swap.ts';
import type { Tables } from './tables.ts';

export type { StateOptions } from './opening.ts';

interface Open extends Omit<Opened, 'floor'> {
  readonly commits: GroupCommit;
  floor: Instant;
}

/**
 * `durable`: a person relies on it later, so it is refused where it could only be kept in memory. `now`: what lets
 * people in and out goes on in memory while the medium takes no writes.
 */
export type Keep = 'durable' | 'now';

/** How long a board that could not be opened is left alone before the next try. */
const RETRY: Millis = 1_000;
/** How often a medium that takes no writes is tried again. */
const TRY_MEDIUM: Millis = 10_000;

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
  /** Was it ever open? */
  #known = false;

  constructor(options: StateOptions) {
    this.#options = options;
    this.roster = options.roster;
    this.#try();
  }

  /** Why nothing can be judged, or `null` when all is well. */
  problem(): Fault | null {
    const since = this.#options.elapsed() - this.#triedAt;
    if (this.#problem && !this.#closed && since >= RETRY) this.#try();
    if (this.#open?.shadowed && since >= TRY_MEDIUM) this.#leaveShadow(this.#open);
    return this.#problem;
  }

  /** Looks at the state as last committed. @throws Fault when there is none. */
  read<T>(work: (tables: Tables) => T): T {
    const { tables } = this.#use();
    try {
      return work(tables);
    } catch (error) {
      if (isDamage(error)) this.#distrustFile(error);
      throw (error as { code?: string }).code === 'ERR_SQLITE_ERROR' ? unavailable(error) : error;
    }
  }

  /** Rows of the tables with these fates, as last committed. @throws Fault when there are none */
  snapshot(fates: readonly Fate[]): Saved {
    return this.read(() => {
      const { db, schema } = this.#open as Open;
      return { schema, contents: contentsOf(db, tablesFor(db, fates)) };
    });
  }

  /** What was lost, while the note of a recovery from the daemon's own backup lies there. */
  recovered(): string | null {
    return readNote(this.#options.database);
  }

  /**
   * Changes the state; resolved when the change is on the medium, or for `now` in memory where that takes no writes.
   * @throws Fault when it is not; `store-read-only` for what is `durable` while there is only memory.
   */
  async write<T>(work: (tables: Tables) => T, keep: Keep = 'durable'): Promise<T> {
    const open = this.#use();
    if (open.shadowed && keep === 'durable') throw readOnly(this.#options.database);
    const { audit } = open.tables;
    let decisions: readonly AuditEntry[] = [];
    try {
      const value = await open.commits.write(() => {
        // What a work before this one added and was undone with it.
        audit.taken();
        const done = work(open.tables);
        decisions = audit.taken();
        return done;
      });
      for (const decision of decisions) this.#options.decided?.(decision);
      return value;
    } catch (error) {
      if (!open.commits.healthy) this.#relieve(open, error);
      throw error;
    }
  }

  /** For what makes the state grow. @throws Fault `store-full`, `store-read-only` */
  assertRoom(): void {
    if (this.#use().shadowed) throw readOnly(this.#options.database);
    if (this.full()) throw full(this.#options.database);
  }

  /** Is the medium so full that only logins go on? */
  full(): boolean {
    const room = roomOn(dirname(this.#options.database));
    return room !== null && room < LEAST_ROOM;
  }

  /** Is the state kept in memory, because its medium takes no writes? */
  shadowed(): boolean {
    return this.#open?.shadowed ?? false;
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
    if (this.#due(open) !== null) await this.write((tables) => this.#raise(open, tables), 'now');
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
      }, 'now');
    } catch (error) {
      open.floor = before;
      throw error;
    }
  }

  /** Did the last commit reach the medium? */
  writable(): boolean {
    return (this.#open?.commits.healthy ?? false) && !this.shadowed();
  }

  /** Lets go of the pages that are kept to be read again: up to 2 MB of a daemon that may be asked nothing for hours. */
  shrink(): void {
    this.#open?.db.exec('PRAGMA shrink_memory');
  }

  /** Commits what waits and lets go of the database. */
  close(): void {
    this.#closed = true;
    this.#open?.commits.flush();
    this.#letGo();
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
   * After a commit that failed: a medium that takes no writes any more is left for memory at once; one that is full
   * gets the ballast. After a failed flush nobody knows what is on the medium, and a later flush may succeed without
   * it, so only what is read back after closing, which checkpoints, is believed again.
   */
  #relieve(failed: Open, error: unknown): void {
    if (this.#open !== failed) return;
    if (isDamage(error)) {
      this.#distrustFile(error);
      return;
    }
    const { database } = this.#options;
    const refused = !failed.shadowed && refusesWrites(dirname(database));
    if (!refused && !failed.commits.broken) {
      if (this.full()) dropBallast(ballastOf(database));
      return;
    }
    this.#problem = error instanceof Fault ? error : unavailable(error);
    this.#letGo();
    if (refused) this.#try(true);
    else this.#triedAt = this.#options.elapsed();
  }

  /** Opening it anew looks through the whole file, and takes the newest own backup in its place. */
  #distrustFile(error: unknown): void {
    this.#problem = error instanceof Fault ? error : unavailable(error);
    this.#letGo();
    this.#triedAt = this.#options.elapsed();
  }

  /** Back to the medium, as soon as it takes writes again. */
  #leaveShadow(open: Open): void {
    this.#triedAt = this.#options.elapsed();
    if (refusesWrites(dirname(this.#options.database))) return;
    open.commits.flush();
    this.#letGo();
    this.#try();
  }

  #letGo(): void {
    const open = this.#open;
    this.#open = null;
    try {
      open?.log.close();
      open?.db.close();
    } catch {
      // The medium is gone; opening it again says so.
    }
  }

  #use(): Open {
    const problem = this.problem();
    if (problem) throw problem;
    return this.#open as Open;
  }

  #try(refused = false): void {
    this.#triedAt = this.#options.elapsed();
    try {
      const opened = openBoard(this.#options, this.#known, refused);
      const commits = new GroupCommit(
        opened.db,
        opened.log,
        () => this.#raise(open, opened.tables),
        () => opened.tables.policies.forget(),
      );
      const open: Open = { ...opened, commits };
      this.#open = open;
      this.#known = true;
      this.#problem = null;
    } catch (error) {
      this.#problem = error instanceof Fault ? error : unavailable(error);
    }
  }
}
