// Owns what the process keeps of memory that is free: the C library's share here, V8's through the collector it is
// handed.

import { libc } from './libc.ts';

const mallopt = libc.func('int mallopt(int, int)');
const mallocTrim = libc.func('int malloc_trim(size_t)');

/** Parameters of mallopt(3). */
const M_TRIM_THRESHOLD = -1;
const M_TOP_PAD = -2;
const M_ARENA_MAX = -8;

/** From now on one arena serves all threads, and more than 64 KiB free at its end go back to the system. */
export function keepLittleMemory(): void {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, 65_536);
  mallopt(M_TOP_PAD, 65_536);
}

/**
 * Gives what the start left behind back to the system. The "last resort" of V8 also drops compiled code that ran once;
 * it takes some 20 ms, in which nobody is served.
 * @param collect V8's `gc`, where the program was started with it
 */
export function returnMemory(collect: NodeJS.GCFunction | undefined): void {
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  mallocTrim(0);
}
