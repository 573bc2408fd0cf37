// Owns the SQLite file: how it is opened, what it must look like, and how an older one is brought up to date.

import { DatabaseSync } from 'node:sqlite';
import { type Assets, assets } from '../assets.ts';
import { Fault } from '../kernel/fault.ts';
import { unavailable } from './group.ts';

/** "Fy2A": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x46793241;
const MIGRATIONS = 'store/migrations';

/** What is in the file is not what was written. */
class Damage extends Error {}

/** SQLITE_CORRUPT and SQLITE_NOTADB (https://www.sqlite.org/rescode.html), in the low byte of an extended code. */
const DAMAGES = [11, 26];

/** Does this error say that the file is damaged or is not ours, rather than that it cannot be reached? */
export function isDamage(error: unknown): boolean {
  const cause = error instanceof Fault ? error.cause : error;
  const code = (cause as { errcode?: number } | undefined)?.errcode;
  return cause instanceof Damage || (code !== undefined && DAMAGES.includes(code & 255));
}

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** The migrations, oldest first. @throws Error unless they are numbered 1, 2, 3 and so on. */
export function migrations(from: Assets = assets, folder = MIGRATIONS): readonly Migration[] {
  const steps = from
    .names(folder)
    .filter((name) => /^[0-9]{4}-[a-z0-9-]+\.sql$/.test(name))
    .map((name) => ({ version: Number(name.slice(0, 4)), sql: from.text(`${folder}/${name}`) }));
  if (steps.some(({ version }, index) => version !== index + 1)) {
    throw new Error(`the migrations in ${folder} are not numbered one after the other`);
  }
  return steps;
}

/**
 * Opens the database and brings it up to date, flushing each commit (synchronous = FULL). It is held exclusively: a second daemon, or a person with the
 * sqlite3 tool, cannot change it underneath.
 *
 * @throws Fault `schema-too-new` when a newer program wrote it, `store-unavailable` for anything else.
 */
export function openDatabase(path: string, create: boolean, steps = migrations()): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { open: true, readOnly: false, enableForeignKeyConstraints: true });
    // 1 KiB pages: a login changes two of them, and its bytes on the flash halve. 64 of them before a checkpoint
    // are a log of 64 KiB, as 16 pages of 4 KiB would be.
    db.exec('PRAGMA page_size = 1024; PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE;');
    const isNew = pragma(db, 'schema_version') === 0;
    if (isNew && !create) throw notOurs(path);
    if (!isNew && pragma(db, 'application_id') !== APPLICATION_ID) throw notOurs(path);
    refuseNewer(path, pragma(db, 'user_version'), steps);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 64;');
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    if (isNew) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    const [check] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check?: string }[];
    if (check?.quick_check !== 'ok') throw new Damage(`the file is damaged: ${check?.quick_check}`);
    migrate(db, steps);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof Fault ? error : unavailable(error);
  }
}

/** The schema's version, as the last migration left it. */
export function schemaVersion(db: DatabaseSync): number {
  return pragma(db, 'user_version');
}

function migrate(db: DatabaseSync, steps: readonly Migration[]): void {
  const at = pragma(db, 'user_version');
  for (const step of steps.filter(({ version }) => version > at)) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(step.sql);
      db.exec(`PRAGMA user_version = ${step.version}; COMMIT`);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

function refuseNewer(path: string, found: number, steps: readonly Migration[]): void {
  const known = steps.at(-1)?.version ?? 0;
  if (found <= known) return;
  throw new Fault(
    'schema-too-new',
    `${path} was written by a newer fygo-2fa (schema ${found}; this one knows up to ${known}). It was not touched.`,
    'Install the newer fygo-2fa again, or restore a backup that was made with this version.',
  );
}

function notOurs(path: string): Fault {
  const cause = new Damage('it is not a database of ours');
  return new Fault(
    'store-unavailable',
    `${path} is not a fygo-2fa database, so nothing in it is believed and nobody is let in on its word.`,
    'Put the state folder back from a backup.',
    cause,
  );
}

function pragma(db: DatabaseSync, name: string): number {
  const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, number> | undefined;
  return row?.[name] ?? 0;
}
