// Owns the making of a database out of saved rows, of this schema or an older one, over what a board has already.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';
import { type Contents, contentsOf, putContents, tableNames, tablesFor } from './contents.ts';
import { migrations, openDatabase } from './database.ts';
import { FATES, type Fate } from './fates.ts';
import type { Sealing } from './seal.ts';
import { type Tables, tablesOf } from './tables.ts';

/** Rows as they were saved, with the schema they are of. */
export interface Saved {
  readonly schema: number;
  readonly contents: Contents;
}

/** The newest schema that this program knows. */
export function newestSchema(): number {
  return migrations().at(-1)?.version ?? 0;
}

export interface Rebuilding {
  /** The database to begin with; `null` where there is none that can be read. */
  readonly base: DatabaseSync | null;
  readonly saved: Saved;
  readonly sealing: Sealing;
  /** Of a board that has none yet. */
  readonly floor: Instant;
  readonly auditRows: number;
  /** What follows from the rows being older than the moment. */
  readonly adjust: (tables: Tables) => void;
}

/**
 * Makes `state.db` in the folder. @throws when the rows are not what their schema says: nothing but the folder has
 * been touched then
 */
export function rebuild(
  folder: string,
  { base, saved, sealing, floor, auditRows, adjust }: Rebuilding,
): void {
  const scratch = join(folder, 'scratch.db');
  const target = join(folder, 'state.db');
  const contents = brought(scratch, saved);
  if (base) base.prepare('VACUUM INTO ?').run(target);
  const db = openDatabase(target, base === null);
  try {
    putContents(db, contents, tablesFor(db, ['ends']));
    const tables = tablesOf(db, auditRows, sealing);
    db.exec('BEGIN IMMEDIATE');
    if (base) tables.boards.putKey(sealing.key.id);
    else tables.boards.create(sealing.key.id, floor, floor);
    adjust(tables);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
  for (const part of ['', '-wal', '-shm']) rmSync(`${scratch}${part}`, { force: true });
}

/** The saved rows as this program's schema has them: put into a database of theirs, which is then migrated. */
function brought(scratch: string, { schema, contents }: Saved): Contents {
  const old = openDatabase(
    scratch,
    true,
    migrations().filter(({ version }) => version <= schema),
  );
  try {
    const fates = fatesOf(contents);
    const foreign = Object.keys(contents.tables).filter((name) => !tableNames(old).includes(name));
    const misplaced = Object.keys(contents.tables).filter((name) => !fates.includes(FATES[name] ?? 'ends'));
    const [stranger] = [...foreign, ...misplaced];
    if (stranger !== undefined) throw new Error(`a backup has no table ${stranger}`);
    putContents(old, contents);
  } finally {
    old.close();
  }
  const migrated = openDatabase(scratch, false);
  try {
    return contentsOf(migrated, tablesFor(migrated, fatesOf(contents)));
  } finally {
    migrated.close();
  }
}

function fatesOf({ tables }: Contents): Fate[] {
  return 'user' in tables ? ['settings', 'accounts'] : ['settings'];
}
