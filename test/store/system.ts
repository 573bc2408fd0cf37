// Owns what lies under the store: system calls in their order, a full medium, the transactions in a log.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Why a test that needs this program is skipped; `false` when it is there. */
function without(program: string): string | false {
  return spawnSync(program, ['--version']).error ? `the program ${program} is not installed` : false;
}

export const withoutStrace = () => without('strace');
export const withoutPrlimit = () => without('prlimit');

/**
 * Runs an ES module in a process of its own and gives its calls on files in one folder, in order: the call and
 * the names of the files, the folder itself as ".".
 * @param path a file in that folder
 */
export function strace(script: string, calls: readonly string[], path: string): string[] {
  const folder = dirname(path);
  const own = mkdtempSync(join(tmpdir(), 'fygo-strace-'));
  try {
    const log = join(own, 'log');
    const argv = [
      '-f',
      '-y',
      '-qq',
      '-s',
      '0',
      '-e',
      'signal=none',
      '-e',
      `trace=${calls.join(',')}`,
      '-o',
      log,
    ];
    execFileSync('strace', [...argv, process.execPath, '--input-type=module', '-e', script], {
      stdio: 'pipe',
    });
    return readFileSync(log, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const call = /^\d+ +(\w+)\(/.exec(line)?.[1];
        const names = [...line.matchAll(/[<"](\/[^>"]*)[>"]/g)].map((match) => match[1] ?? '');
        const here = [...new Set(names)].filter((name) => name === folder || dirname(name) === folder);
        if (!call || here.length === 0 || / = -1 /.test(line)) return [];
        return [[call, ...here.map((name) => (name === folder ? '.' : basename(name)))].join(' ')];
      });
  } finally {
    rmSync(own, { recursive: true });
  }
}

/**
 * From now on no file of this process grows beyond so many bytes: what a full medium looks like from inside. Node
 * ignores SIGXFSZ, so the write fails instead.
 * @returns what lifts the limit again
 */
export function limitFileSize(bytes: number): () => void {
  const limit = (soft: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${soft}:`]);
  limit(String(bytes));
  return () => limit('unlimited');
}

/** Transactions in the write-ahead log (its format: https://www.sqlite.org/fileformat2.html#walformat). */
export function commits(path: string): number {
  const wal = readFileSync(`${path}-wal`);
  let found = 0;
  for (let at = 32; at + 24 <= wal.length; at += 24 + wal.readUInt32BE(8)) {
    const current = wal.compare(wal, 16, 24, at + 8, at + 16) === 0;
    if (current && wal.readUInt32BE(at + 4) > 0) found += 1;
  }
  return found;
}
