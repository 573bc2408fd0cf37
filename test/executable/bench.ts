// Owns the workbench of the executable: a daemon of it on a folder of its own, in a mount namespace where that is wanted.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export const DIST = join(import.meta.dirname, '..', '..', 'dist');
export const X64 = join(DIST, 'fygo-2fa-linux-x64');
export const ARM64 = join(DIST, 'fygo-2fa-linux-arm64');

/** Why these tests cannot run here; `false` where they can. */
export function missing(...files: readonly string[]): string | false {
  const absent = files.filter((file) => !existsSync(file));
  return absent.length > 0 ? `needs ${absent.join(', ')} (npm run build)` : false;
}

export const notRoot = process.getuid?.() === 0 ? false : 'needs root';

/** A folder for a daemon that asks no time server; cleared away with the test. */
export function board(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'fygo-executable-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'etc'));
  const servers = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');
  writeFileSync(join(root, 'etc', 'config.toml'), `[clock]\nservers = [${servers}]\n`);
  writeFileSync(join(root, 'etc', 'passwd'), 'alice:x:1000:1000::/home/alice:/bin/sh\n');
  writeFileSync(join(root, 'etc', 'group'), 'users:x:1000:\n');
  return root;
}

export interface Ending {
  readonly ready: boolean;
  readonly code: number | null;
  readonly said: string;
}

export interface Running {
  readonly child: ChildProcess;
  stop(): Promise<Ending>;
}

/** Starts a program; resolves when it said "ready" or ended. */
export async function started(
  t: TestContext,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Running & Ending> {
  const [command = '', ...rest] = words;
  const child = spawn(command, rest, { env: { PATH: process.env.PATH, TZ: 'UTC', ...env } });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  const { promise, resolve } = Promise.withResolvers<boolean>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/^ready$/m.test(said)) resolve(true);
    });
  child.once('error', (error) => {
    said += String(error);
    resolve(false);
  });
  const closed = once(child, 'close').then(([code]) => {
    resolve(false);
    return code as number | null;
  });
  closed.catch(() => {});
  const ready = await promise;
  const ending = async () => ({ ready, code: await closed.catch(() => null), said });
  return {
    child,
    ...(ready ? { ready, code: null, said } : await ending()),
    stop() {
      child.kill('SIGTERM');
      return ending();
    },
  };
}

/** Words that run a program where `script` (sh) has changed the mounts for it alone. */
export function among(script: string, words: readonly string[]): string[] {
  const setUp = `set -e; mount --make-rprivate /; ${script}; exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', setUp, 'sh', ...words];
}

/** What a process has written into its own memory, as text. */
export function writableMemory(pid: number): string {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  const parts: string[] = [];
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, from = '', to = ''] =
      /^([0-9a-f]+)-([0-9a-f]+) rw-p .* 00:00 0\s*(?:\[heap\])?$/.exec(line) ?? [];
    if (from === '') continue;
    const start = BigInt(`0x${from}`);
    const bytes = Buffer.alloc(Number(BigInt(`0x${to}`) - start));
    try {
      const length = readSync(file, bytes, 0, bytes.length, start);
      parts.push(bytes.toString('latin1', 0, length));
    } catch {
      // The kernel does not show every mapping, and one may have gone meanwhile.
    }
  }
  closeSync(file);
  return parts.join('');
}

/** What a program prints, and its exit code. */
export function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Ending {
  const [command = '', ...rest] = words;
  try {
    const said = execFileSync(command, rest, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { ready: false, code: 0, said };
  } catch (error) {
    const { status, stdout, stderr, code } = error as Record<string, string | number | null>;
    return {
      ready: false,
      code: (status as number) ?? null,
      said: `${stdout ?? ''}${stderr ?? ''}${code ?? ''}`,
    };
  }
}
