// Owns the exchange of the whole state for a prepared one: key, database and roster together, at any moment or not at all.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flushFolder, isThere, removeFile, replaceFile } from './files.ts';
import type { ShadowPlaces } from './shadow.ts';

/** Where the parts lie that are exchanged. */
export interface SwapPlaces {
  readonly database: string;
  readonly key: string;
  readonly roster: { readonly path: string };
  readonly shadow: ShadowPlaces;
}

/** What is exchanged. A part that is `null` stays. */
export interface Prepared {
  readonly keyFile: string | null;
  readonly rosterText: string;
  /** The present database is kept beside the new one: it is damaged, and somebody may want to look into it. */
  readonly setAside: boolean;
  /** Own backups that no key opens any more go. */
  readonly dropBackups: boolean;
  /** Says, as long as it lies there, that something was lost. */
  readonly note: string | null;
}

const nextOf = (database: string) => join(dirname(database), 'next');
export const backupsOf = (database: string) => join(dirname(database), 'backups');
const noteOf = (database: string) => join(dirname(database), 'recovered.json');
const LOG_PARTS = ['-wal', '-shm', '-journal'];

/** An empty folder to prepare the new state in; what an earlier try left is gone. Its database is `state.db`. */
export function prepare(database: string): string {
  const folder = `${nextOf(database)}.preparing`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Gives a preparation up. */
export function abandon(database: string): void {
  rmSync(`${nextOf(database)}.preparing`, { recursive: true, force: true });
}

/** Makes the preparation count: from the rename on, `finishSwap` goes on whatever happens. The database is closed. */
export function commitSwap(places: SwapPlaces, prepared: Prepared): void {
  const { database } = places;
  const folder = `${nextOf(database)}.preparing`;
  if (prepared.keyFile !== null) replaceFile(join(folder, 'master.key'), prepared.keyFile, 0o400);
  if (prepared.setAside) replaceFile(join(folder, 'set-aside'), '', 0o600);
  if (prepared.dropBackups) replaceFile(join(folder, 'drop-backups'), '', 0o600);
  if (prepared.note !== null) replaceFile(join(folder, 'recovered.json'), prepared.note, 0o600);
  replaceFile(join(folder, 'roster'), prepared.rosterText, 0o600);
  flushFile(join(folder, 'state.db'));
  flushFolder(folder);
  renameSync(folder, nextOf(database));
  flushFolder(dirname(database));
}

/** Is an exchange under way? Then nothing of the state may be believed before it is finished. */
export function swapPending(database: string): boolean {
  return isThere(nextOf(database));
}

/** The note of a recovery, while nobody has removed it. */
export function readNote(database: string): string | null {
  try {
    return readFileSync(noteOf(database), 'utf8');
  } catch {
    return null;
  }
}

/** Goes on with an exchange that was committed, from wherever it was. Every step can be repeated. */
export function finishSwap({ database, key, roster, shadow }: SwapPlaces): void {
  const folder = nextOf(database);
  if (!isThere(folder)) return;
  const part = (name: string) => join(folder, name);
  if (isThere(part('state.db'))) {
    // The old log must be gone for good before the new database has its name: SQLite would play it into that.
    for (const suffix of isThere(part('set-aside')) ? ['', ...LOG_PARTS] : LOG_PARTS) {
      if (isThere(part('set-aside')) && isThere(`${database}${suffix}`)) {
        renameSync(`${database}${suffix}`, `${database}.damaged${suffix}`);
        flushFolder(dirname(database));
      } else removeFile(`${database}${suffix}`);
    }
    rmSync(shadow.folder, { recursive: true, force: true });
    move(part('state.db'), database);
  }
  if (isThere(part('master.key'))) {
    mkdirSync(dirname(key), { recursive: true, mode: 0o700 });
    move(part('master.key'), key);
  }
  if (isThere(part('recovered.json'))) move(part('recovered.json'), noteOf(database));
  if (isThere(part('drop-backups'))) rmSync(backupsOf(database), { recursive: true, force: true });
  if (isThere(part('roster'))) {
    mkdirSync(dirname(roster.path), { recursive: true, mode: 0o755 });
    replaceFile(roster.path, readFileSync(part('roster')), 0o600);
  }
  if (isThere(dirname(shadow.note))) removeFile(shadow.note);
  rmSync(folder, { recursive: true });
  flushFolder(dirname(database));
}

function move(from: string, to: string): void {
  renameSync(from, to);
  flushFolder(dirname(to));
  flushFolder(dirname(from));
}

function flushFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
