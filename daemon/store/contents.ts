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
  return tableNames(db).filter((name) => fates.includes(FATES[name] ?? 'here'));
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
 * Puts these rows in place of all that the tables hold; other tables stay. Inside a transaction of the caller's.
 * @throws when a row does not fit the schema: then nothing of it may be committed.
 */
export function putContents(db: DatabaseSync, { tables, sequences }: Contents): void {
  db.exec('PRAGMA defer_foreign_keys = ON');
  for (const name of Object.keys(tables)) db.exec(`DELETE FROM ${quoted(name)}`);
  for (const [name, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      const holes = columns.map(() => '?').join(', ');
      db.prepare(`INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')}) VALUES (${holes})`).run(
        ...Object.values(row),
      );
    }
  }
  for (const [name, seq] of Object.entries(sequences)) {
    db.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?').run(seq, name);
  }
}

/** Does nothing refer to what is not there? A deferred constraint is checked at the commit; this says it before. */
export function isConsistent(db: DatabaseSync): boolean {
  return db.prepare('PRAGMA foreign_key_check').all().length === 0;
}

/**
 * Copies every table of another database file, of the same schema, over this one's, in one transaction. Inside none.
 * @throws when the copy does not hold together: then nothing was changed
 */
export function takeOver(db: DatabaseSync, other: string): void {
  db.prepare('ATTACH ? AS other').run(other);
  // Whole tables are replaced one after the other, so that references are checked at the end, and cascade nowhere.
  db.exec('PRAGMA foreign_keys = OFF');
  try {
    db.exec('BEGIN IMMEDIATE');
    for (const name of [...tableNames(db), 'sqlite_sequence']) {
      db.exec(
        `DELETE FROM main.${quoted(name)}; INSERT INTO main.${quoted(name)} SELECT * FROM other.${quoted(name)}`,
      );
    }
    if (!isConsistent(db)) throw new Error(`${other} refers to rows that are not there`);
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
    db.exec('PRAGMA foreign_keys = ON; DETACH other');
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
