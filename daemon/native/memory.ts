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

/** Milliseconds after which V8 has freed, beside the main thread, the buffers that it found unused. */
const SWEPT = 1_000;
/** The first finds what is unused, the second drops it. */
const ROUNDS = 2;

/**
 * Gives free memory back to the system, by V8's "last resort": V8 counts little of what the C library holds for it, and
 * would collect late; a plain collection keeps emptied pages.
 * @param collect V8's `gc`, where the program was started with it
 * @param thorough also drops compiled code that has not run for a while. It takes some 80 ms in which nobody is served,
 *   otherwise half of that.
 */
export function returnMemory(collect: NodeJS.GCFunction | undefined, thorough: boolean): void {
  for (let round = thorough ? ROUNDS : 1; round > 0; round--)
    collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  mallocTrim(0);
  setTimeout(() => mallocTrim(0), SWEPT).unref();
}
