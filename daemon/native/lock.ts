// Owns the lock that lets one daemon at a time have a board. It ends with the process, however that ends.

import { closeSync, openSync } from 'node:fs';
import { libc } from './libc.ts';

/** flock(2): LOCK_EX | LOCK_NB. */
const EXCLUSIVE_NOW = 6;

const flock = libc.func('int flock(int, int)');

/** Takes the lock for the life of this process; false when another process has it. The file stays. */
export function takeLock(path: string): boolean {
  const file = openSync(path, 'a', 0o600);
  if (flock(file, EXCLUSIVE_NOW) === 0) return true;
  closeSync(file);
  return false;
}
