// Owns keeping this process out of core dumps: its memory holds seeds and codes.

import { libc } from './libc.ts';

/** prctl(2): PR_SET_DUMPABLE. */
const PR_SET_DUMPABLE = 4;

const prctl = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');

/** From now on the kernel writes no core dump of this process, and no other process of its user may trace it. */
export function forbidDumps(): void {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) !== 0) throw new Error('the kernel would not forbid core dumps');
}
