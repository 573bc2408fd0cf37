// Owns the files of the daemon's own backups: numbered, the newest few, each whole or not there.

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './files.ts';

/** So many are kept: one that was taken of a database that was damaged unnoticed must not push out the last good one. */
const KEPT = 7;
const NAME = /^([0-9]{6})\.backup$/;

/** The numbers of the files, newest first. Times would mislead: a clock may have been wrong. */
function numbers(folder: string): number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  } catch {
    return [];
  }
}

const fileOf = (folder: string, number: number) => join(folder, `${String(number).padStart(6, '0')}.backup`);

/** The files, newest first, each read when it is asked for; one that cannot be read is passed over. */
export function* ownBackups(folder: string): Generator<Buffer> {
  for (const number of numbers(folder)) {
    try {
      yield readFileSync(fileOf(folder, number));
    } catch {
      // The medium is failing: an older one may still be good.
    }
  }
}

/** Adds one, and lets the oldest go. @throws the system's error when it is not on the medium */
export function addOwnBackup(folder: string, file: Buffer): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = numbers(folder);
  replaceFile(fileOf(folder, ((before[0] ?? 0) % 999_999) + 1), file, 0o600);
  for (const number of before.slice(KEPT - 1)) rmSync(fileOf(folder, number), { force: true });
}
