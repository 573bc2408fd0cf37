// Owns the other end of a datagram socket in tests: a program that is not ours, which shows what arrives.

import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = `
import socket, sys
there = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = sys.argv[1]
there.bind('\\0' + path[1:] if path.startswith('@') else path)
print('bound', flush=True)
while True:
    print(there.recv(65536).hex(), flush=True)
`;

/** Clears up afterwards: a test does. */
export interface Cleaner {
  after(work: () => unknown): void;
}

export interface Receiver {
  readonly path: string;
  /** The next datagram. */
  next(): Promise<Buffer>;
}

/** @param path where it listens; a path of its own where none is given */
export async function receiver(t: Cleaner, path?: string): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-datagram-'));
  const there = path ?? join(folder, 'socket');
  const child = spawn('/usr/bin/python3', ['-c', PROGRAM, there], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = on(createInterface(child.stdout), 'line')[Symbol.asyncIterator]();
  await lines.next();
  return {
    path: there,
    async next() {
      const { value } = await lines.next();
      return Buffer.from((value as [string])[0], 'hex');
    },
  };
}
