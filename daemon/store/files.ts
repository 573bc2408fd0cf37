// Owns writing a small file so that a power cut leaves either the old one or the new one.

import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces `path`: a temporary file beside it, flushed, renamed over it, and the folder flushed.
 * @throws the system's error; the old file is then still in place.
 */
export function replaceFile(path: string, content: Uint8Array | string, mode: number): void {
  const temporary = `${path}.new`;
  // One that a power cut left may be read-only already, so it cannot be opened again for writing.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', 0o600);
  try {
    // Not writeSync: on a full disk that writes the first part and calls it a success.
    writeFileSync(file, content);
    fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  flushFolder(dirname(path));
}

/**
 * Is there anything by that name, be it a link to nowhere? @throws the system's error when that cannot be known:
 * a folder that may not be looked into or a medium that cannot be read is no evidence that a file is absent.
 */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Removes a file for good; one that is not there is removed already. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  flushFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
