// Owns the opening of a board's state: key, database and roster together or not at all, from the medium or from memory.

import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Roster } from '../accounts/roster.ts';
import type { Instant, Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { lost, nothingYet, notMounted, unfinished } from './absent.ts';
import type { AuditEntry } from './audit.ts';
import { dropBallast, loadBallast, withBallast } from './ballast.ts';
import { isDamage, openDatabase, schemaVersion } from './database.ts';
import { isThere, removeFile, replaceFile } from './files.ts';
import { createKey, type MasterKey, readKey, wrongKey } from './key.ts';
import { refusesWrites } from './medium.ts';
import type { Policy } from './policies.ts';
import { rebuild, type Saved } from './rebuild.ts';
import { reserve } from './reserve.ts';
import { castShadow, endShadow, type ShadowPlaces, shadowDatabase } from './shadow.ts';
import { commitSwap, finishSwap, prepare, swapPending } from './swap.ts';
import { type Tables, tablesOf } from './tables.ts';
import { WriteAheadLog } from './write-ahead-log.ts';

export interface StateOptions {
  readonly database: string;
  readonly key: string;
  /** Exists only while a new board's state is being made; nothing has been served before it is gone. */
  readonly marker: string;
  /** Where the state is kept while its medium takes no writes. */
  readonly shadow: ShadowPlaces;
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
  /** Told of each decision when it is on the medium. Must not throw. */
  readonly decided?: (decision: AuditEntry) => void;
  /** The newest of the daemon's own backups, for when the database is damaged; `null` for none that opens. */
  readonly ownBackup?: (key: MasterKey) => OwnBackup | null;
  /** What follows when decisions of before the start may be forgotten, in one transaction. */
  readonly distrust: (tables: Tables) => void;
}

/** A backup of the daemon's own, and what follows from using it. */
export interface OwnBackup {
  readonly saved: Saved;
  readonly floor: Instant;
  readonly adjust: (tables: Tables) => void;
  /** The roster, and a note of what was lost, after `adjust`. */
  readonly rosterText: () => string;
  readonly note: () => string;
}

/** An open board. */
export interface Opened {
  readonly db: DatabaseSync;
  readonly tables: Tables;
  readonly key: MasterKey;
  readonly log: WriteAheadLog;
  readonly schema: number;
  readonly floor: Instant;
  /** Kept in memory, because the medium takes no writes. */
  readonly shadowed: boolean;
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

export const ballastOf = (database: string) => join(dirname(database), 'ballast');

/**
 * @param known this process had the board open before: what the medium holds is all that it decided
 * @param refused the medium was just seen to take no writes
 * @throws Fault or the system's error, which say why nothing can be judged
 */
export function openBoard(options: StateOptions, known: boolean, refused = false): Opened {
  const { database, key, marker, roster, mayCreate } = options;
  if (swapPending(database)) {
    if (!mayCreate) throw unfinished(database);
    finishSwap(options);
  }
  const present = [database, key].filter(isThere).length + (roster.exists() ? 1 : 0);
  if (present === 0 || isThere(marker)) return create(options);
  // Without its key the roster cannot be authenticated, but its names still say whose state is lost.
  roster.load(null);
  const master = readKey(key);
  roster.load(master.subkey('roster'));
  if (!isThere(database)) return recover(options, master, lost(database));
  if (refused) return fromMemory(options, master, known);
  try {
    return withBallast(ballastOf(database), () => fromMedium(options, master));
  } catch (error) {
    if (mayCreate && refusesWrites(dirname(database))) return fromMemory(options, master, known);
    if (!isDamage(error)) throw error;
    return recover(options, master, error);
  }
}

/** Puts the newest own backup in place of a database that is damaged or gone. @throws `error` where there is none */
function recover(options: StateOptions, master: MasterKey, error: unknown): Opened {
  const { database, mayCreate, mounted, auditRows } = options;
  const own = mayCreate && mounted() ? options.ownBackup?.(master) : null;
  if (!own) throw error;
  const { saved, floor, adjust } = own;
  rebuild(prepare(database), {
    base: null,
    saved,
    sealing: { key: master, random: options.random },
    floor,
    auditRows,
    adjust,
  });
  commitSwap(options, {
    keyFile: null,
    rosterText: own.rosterText(),
    setAside: true,
    dropBackups: false,
    note: own.note(),
  });
  finishSwap(options);
  options.roster.load(master.subkey('roster'));
  return fromMedium(options, master);
}

export const hasDatabase = ({ database }: Pick<StateOptions, 'database'>) => isThere(database);

function fromMedium(options: StateOptions, master: MasterKey): Opened {
  const { database, shadow, mayCreate } = options;
  const db = openDatabase(database, false);
  const forgotten = isThere(shadow.note) && !isThere(shadow.folder);
  return finish(options, db, master, database, {
    before: (tables) => {
      if (!mayCreate) return;
      if (isThere(shadow.folder)) endShadow(db, shadow);
      if (forgotten) inTransaction(db, () => options.distrust(tables));
      if (forgotten) endShadow(db, shadow);
    },
    shadowed: false,
  });
}

/** The copy of an earlier run has all that was decided since; without one, a start cannot know what that was. */
function fromMemory(options: StateOptions, master: MasterKey, known: boolean): Opened {
  const { database, shadow, roster } = options;
  const copied = !isThere(shadow.folder);
  if (copied) castShadow(database, shadow);
  roster.mayLag = true;
  const copy = shadowDatabase(shadow);
  return finish(options, openDatabase(copy, false), master, copy, {
    before: (tables, db) => {
      if (copied && !known) inTransaction(db, () => options.distrust(tables));
    },
    shadowed: true,
  });
}

/** Makes a new board: key, database, roster. A marker makes a power cut half-way start over, not degrade. */
function create(options: StateOptions): Opened {
  const { database, key, marker, roster, random, mounted, floor } = options;
  if (!options.mayCreate) throw nothingYet(dirname(database));
  if (!mounted()) throw notMounted(dirname(database));
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  replaceFile(marker, 'being made; removed when the board is ready\n', 0o600);
  const master = isThere(key) ? readKey(key) : createKey(key, random);
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${database}${part}`, { force: true });
  const db = openDatabase(database, true);
  try {
    const tables = tablesOf(db, options.auditRows, { key: master, random });
    inTransaction(db, () => {
      tables.boards.create(master.id, floor, floor);
      tables.policies.put(INITIAL_POLICY, floor);
    });
    roster.load(master.subkey('roster'));
    roster.record();
    removeFile(marker);
  } catch (error) {
    db.close();
    throw error;
  }
  return finish(options, db, master, database, { before: () => {}, shadowed: false });
}

interface Way {
  /** Runs before anything is reconciled. */
  readonly before: (tables: Tables, db: DatabaseSync) => void;
  readonly shadowed: boolean;
}

function finish(
  options: StateOptions,
  db: DatabaseSync,
  key: MasterKey,
  path: string,
  { before, shadowed }: Way,
): Opened {
  const { roster, mayCreate } = options;
  try {
    if (mayCreate) roomWithin(db);
    const tables = tablesOf(db, options.auditRows, { key, random: options.random });
    const board = tables.boards.current();
    if (!board) throw new Error('the row that names the board is missing');
    if (!key.id.equals(board.keyId)) throw wrongKey(options.key);
    before(tables, db);
    inTransaction(db, () => {
      tables.boards.raiseFloor(options.floor);
      options.reconcile(tables, roster);
    });
    roster.mayLag = shadowed;
    complete(tables, roster);
    const floor = tables.boards.current()?.floor ?? options.floor;
    const log = new WriteAheadLog(path);
    db.exec('PRAGMA synchronous = NORMAL');
    if (mayCreate && !shadowed) keepRoom(log, ballastOf(path));
    return { db, tables, key, log, schema: schemaVersion(db), floor, shadowed };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What a cold log lacks on a full medium comes from the ballast. */
function keepRoom(log: WriteAheadLog, ballast: string): void {
  if (!log.warm() && dropBallast(ballast)) log.warm();
  loadBallast(ballast);
}

/** Without these pages the daemon serves as well, until the medium is full. */
function roomWithin(db: DatabaseSync): void {
  try {
    reserve(db);
  } catch {
    // Told by the health as a full medium.
  }
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  work();
  db.exec('COMMIT');
}

/** What was committed and not written to the roster any more is written now. */
function complete(tables: Tables, roster: Roster): void {
  const behind = tables.users.all().filter(({ name, counter }) => {
    const entry = roster.byName(name);
    return !entry || entry.counter < counter;
  });
  if (behind.length === 0 && roster.sound && roster.exists()) return;
  try {
    if (!roster.sound) roster.setAside();
    roster.record(...behind);
  } catch {
    // A read-only /etc: the daemon runs degraded (roster.sound is false) rather than not at all.
  }
}
