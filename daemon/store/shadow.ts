// Owns the copy of the database in memory that stands in while the medium takes no writes, and the way back.

import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { takeOver } from './contents.ts';
import { openDatabase } from './database.ts';
import { isThere, removeFile, replaceFile } from './files.ts';

/** Where the copy lies, and where it is noted outside the state's medium that there is one. */
export interface ShadowPlaces {
  /** A folder in memory that outlives the daemon, and not the board's start. */
  readonly folder: string;
  /** On another medium, if that one takes writes: what was decided in memory is lost if the board stops now. */
  readonly note: string;
}

export const shadowDatabase = ({ folder }: ShadowPlaces) => join(folder, 'state.db');

/** Copies database and log, all or nothing; SQLite must not have them open. The note is written if that is possible. */
export function castShadow(database: string, places: ShadowPlaces): void {
  const unfinished = `${places.folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  copyFileSync(database, join(unfinished, 'state.db'));
  if (isThere(`${database}-wal`)) copyFileSync(`${database}-wal`, join(unfinished, 'state.db-wal'));
  renameSync(unfinished, places.folder);
  try {
    replaceFile(places.note, 'the state is kept in memory: its medium takes no writes\n', 0o600);
  } catch {
    // The same medium, most likely. Then a start cannot know of it, which the threat model says.
  }
}

/**
 * Writes what was decided in memory down on the medium, in one transaction, and drops the copy. `db` is the database
 * on the medium, flushing each commit. A copy of another board's state is dropped unread.
 */
export function endShadow(db: DatabaseSync, places: ShadowPlaces): void {
  const copy = shadowDatabase(places);
  if (isThere(copy)) {
    // Brings its log in, and its schema up to date.
    openDatabase(copy, false).close();
    if (keyIdOf(db).equals(keyIdIn(copy))) takeOver(db, copy);
  }
  rmSync(places.folder, { recursive: true, force: true });
  try {
    if (isThere(places.note)) removeFile(places.note);
  } catch {
    // Where it cannot be removed the next start distrusts once more, which is the safe side.
  }
}

function keyIdIn(path: string): Buffer {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return keyIdOf(db);
  } finally {
    db.close();
  }
}

function keyIdOf(db: DatabaseSync): Buffer {
  const { id } = db.prepare('SELECT key_id AS id FROM board').get() as { id: Uint8Array };
  return Buffer.from(id);
}
