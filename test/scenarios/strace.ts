// Owns what the scenarios see of the daemon's system calls, and which of them they make fail: strace, attached to it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';

/** Traces the daemon's main thread while `work` runs; the lines of the trace, in order. */
export async function traced(
  bench: Bench,
  flags: readonly string[],
  work: () => Promise<void>,
): Promise<string[]> {
  const file = bench.file('trace');
  const words = ['-y', '-s', '32', '-o', file, ...flags, '-p', String(bench.pid)];
  const strace = spawn('strace', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(strace, 'close');
  let said = '';
  for await (const chunk of strace.stderr.setEncoding('utf8')) {
    said += chunk;
    if (/attached/.test(said)) break;
  }
  assert.match(said, /attached/);
  await work();
  strace.kill('SIGINT');
  await closed;
  return readFileSync(file, 'utf8').trim().split('\n');
}

/** What kills the daemon as it is about to make a system call for the `nth` time. */
export function killAt(call: string, nth: number): string[] {
  return ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
}

/** What starts the daemon under strace. The tracer is a grandchild (-D), so that the child is the daemon itself. */
export function fromTheStart(flags: readonly string[]): string[] {
  return ['strace', '-D', '-o', '/dev/null', ...flags];
}
