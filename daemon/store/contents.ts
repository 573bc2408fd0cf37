// Owns the contents of a database as rows, table by table, whatever the tables are: read out, and put in.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FATES, type Fate } from './fates.ts';

export type Row = Readonly<Record<string, SQLInputValue>>;
/** The rows of each table, and where its numbers had come to. */
export interface Contents {
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** `AUTOINCREMENT`: a number that was given out must not be given out again. */
  readonly sequences: Readonly<Record<string, number>>;
}

/** Every table of the schema, in order of name. */
export function tableNames(db: DatabaseSync): string[] {
  const rows = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all() as { name: string }[];
  return rows.map(({ name }) => name);
}

/** Those with one of these fates. */
export function tablesFor(db: DatabaseSync, fates: readonly Fate[]): string[] {
  return tableNames(db).filter((name) => fates.includes(FATES[name] ?? 'ends'));
}

/** What is in these tables now. */
export function contentsOf(db: DatabaseSync, names: readonly string[]): Contents {
  const tables = Object.fromEntries(
    names.map((name) => [name, db.prepare(`SELECT * FROM ${quoted(name)}`).all() as Row[]]),
  );
  const all = db.prepare('SELECT name, seq FROM sqlite_sequence').all() as { name: string; seq: number }[];
  const sequences = Object.fromEntries(
    all.filter(({ name }) => names.includes(name)).map(({ name, seq }) => [name, seq]),
  );
  return { tables, sequences };
}

/**
 * Puts these rows in place of all that the tables hold, and empties the tables of `emptied`; others stay. In one
 * transaction. @throws when a row does not fit the schema, or refers to one that is not there: then nothing changed
 */
export function putContents(
  db: DatabaseSync,
  { tables, sequences }: Contents,
  emptied: readonly string[] = [],
): void {
  inOneGo(db, () => {
    for (const name of [...Object.keys(tables), ...emptied]) db.exec(`DELETE FROM ${quoted(name)}`);
    for (const [name, rows] of Object.entries(tables)) for (const row of rows) insert(db, name, row);
    for (const [name, seq] of Object.entries(sequences)) {
      db.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?').run(seq, name);
    }
  });
}

function insert(db: DatabaseSync, table: string, row: Row): void {
  const columns = Object.keys(row).map(quoted).join(', ');
  const holes = Object.keys(row).map(() => '?');
  db.prepare(`INSERT INTO ${quoted(table)} (${columns}) VALUES (${holes.join(', ')})`).run(
    ...Object.values(row),
  );
}

/** Whole tables are replaced one after the other, so that references are checked at the end, and cascade nowhere. */
function inOneGo(db: DatabaseSync, work: () => void): void {
  db.exec('PRAGMA foreign_keys = OFF');
  try {
    db.exec('BEGIN IMMEDIATE');
    work();
    if (db.prepare('PRAGMA foreign_key_check').all().length > 0) {
      throw new Error('some rows refer to rows that are not there');
    }
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
    db.exec('PRAGMA foreign_keys = ON');
  }
}

/**
 * Copies every table of another database file, of the same schema, over this one's, in one transaction. Inside none.
 * @throws when the copy does not hold together: then nothing was changed
 */
export function takeOver(db: DatabaseSync, other: string): void {
  db.prepare('ATTACH ? AS other').run(other);
  try {
    inOneGo(db, () => {
      for (const name of [...tableNames(db), 'sqlite_sequence']) {
        db.exec(`DELETE FROM main.${quoted(name)}`);
        db.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM other.${quoted(name)}`);
      }
    });
  } finally {
    db.exec('DETACH other');
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
