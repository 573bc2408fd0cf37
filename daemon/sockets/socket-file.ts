// Owns the socket files that the daemon makes itself, where systemd does not: made, claimed, and taken away.

import { chmod, chown, lstat, mkdir, mkdtemp, rename, rm, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { Fault } from '../kernel/fault.ts';

/** Where a socket goes; `mode` as in chmod(2). */
export interface SocketFile {
  readonly path: string;
  readonly mode: number;
  readonly gid?: number;
}

/** Connections that the kernel keeps until they are accepted; it cuts this to net.core.somaxconn. Where the queue is
 * full, who does not want to wait is refused. */
const BACKLOG = 4096;

/** `sun_path` of unix(7), less the closing zero. */
const LONGEST = 107;

function inTheWay(path: string, what: string, hint: string, cause?: unknown): Fault {
  return new Fault('config-invalid', `The socket ${path} cannot be made: ${what}.`, hint, cause);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Does somebody listen there? A full queue (EAGAIN) counts; nobody does where the kernel says so. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

/** @throws Fault `already-running`, or `config-invalid` where something that is no socket is there. */
async function requireFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isSocket()) throw inTheWay(path, 'something that is no socket is there', 'Move it away.');
  if (await answers(path)) {
    throw new Fault(
      'already-running',
      `Another daemon answers on ${path}; this one does not take its place.`,
      'Stop the other one first (systemctl stop fygo-2fa), or use another --root.',
    );
  }
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/**
 * Makes `server` listen on a socket file. It is bound inside a folder that only its maker may enter, gets mode
 * and group there, and is then renamed into place: never open wider than `mode`, and never half made. A socket
 * file that nobody answers on is replaced.
 * @returns what removes the file, unless another has taken its place since.
 * @throws Fault `config-invalid` (path too long, folder not writable, group not permitted), `already-running`.
 */
export async function listenOnFile(server: Server, file: SocketFile): Promise<() => Promise<void>> {
  const { path, mode, gid } = file;
  const folder = dirname(path);
  const longest = Math.max(Buffer.byteLength(path), Buffer.byteLength(folder) + '/.sXXXXXX/s'.length);
  if (longest > LONGEST) {
    throw inTheWay(path, `a socket's path has at most ${LONGEST} bytes`, 'Use a shorter --root.');
  }
  try {
    const made = await mkdir(folder, { recursive: true });
    if (made !== undefined) await chmod(folder, 0o755);
    await requireFree(path);
    const hidden = await mkdtemp(join(folder, '.s'));
    try {
      const bound = join(hidden, 's');
      await bind(server, bound);
      if (gid !== undefined) await chown(bound, -1, gid);
      await chmod(bound, mode);
      await rename(bound, path);
    } finally {
      await rm(hidden, { recursive: true, force: true });
    }
    const mine = await lstat(path);
    return async () => {
      const there = await lstat(path).catch(() => undefined);
      if (there?.ino === mine.ino && there.dev === mine.dev) await unlink(path);
    };
  } catch (error) {
    server.close();
    if (error instanceof Fault) throw error;
    throw inTheWay(path, 'the system refused it', 'Check who may write to the folder.', error);
  }
}
