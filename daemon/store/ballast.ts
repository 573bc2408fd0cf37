// Owns the ballast: space kept occupied, so that there is some to give up when the medium is full.

import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isThere } from './files.ts';
import { LEAST_ROOM, roomOn } from './medium.ts';

/** Enough for a cold write-ahead log and a few thousand audit rows. */
const BALLAST = 524_288;

/** Takes the space, where there is plenty. Never throws: ballast is a precaution. */
export function loadBallast(path: string): void {
  if (isThere(path) || (roomOn(dirname(path)) ?? 0) < 2 * LEAST_ROOM) return;
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, Buffer.alloc(BALLAST));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    rmSync(path, { force: true });
  }
}

/** Gives the space up; false when there was none to give. */
export function dropBallast(path: string): boolean {
  try {
    if (!isThere(path)) return false;
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Does `work`; when it fails on a full medium, gives the ballast up and does it once more. */
export function withBallast<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const room = roomOn(dirname(path));
    if (room === null || room >= LEAST_ROOM || !dropBallast(path)) throw error;
    return work();
  }
}
