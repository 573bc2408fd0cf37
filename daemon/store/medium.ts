// Owns what can be learned of the medium that holds the state: does it take writes, and is there room?

import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Below this much free space, in bytes, nothing is begun that lets the state grow. */
export const LEAST_ROOM = 1_048_576;

/** Errors of a medium that is read-only, or that has stopped taking writes without saying so. */
const REFUSALS = ['EROFS', 'EIO', 'ENXIO', 'ENODEV'];

/**
 * Does the medium refuse every write? Found out by writing a byte: a file system that went read-only after an error
 * still says that its files may be written. A full medium, or one that is not there, refuses nothing.
 */
export function refusesWrites(folder: string): boolean {
  const trial = join(folder, 'trial');
  try {
    const file = openSync(trial, 'w', 0o600);
    try {
      writeSync(file, '.');
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(trial, { force: true });
    }
    return false;
  } catch (error) {
    return REFUSALS.includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** Free space for the daemon in bytes; `null` where that cannot be known. */
export function roomOn(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
