// Owns time servers that are not ours: Debian's chronyd, one process a server, on loopback addresses, honest or lying.

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const CHRONYD = '/usr/sbin/chronyd';

/** libfaketime for programs with threads; undefined where it is not installed. */
export const LIBFAKETIME = readdirSync('/usr/lib')
  .map((triplet) => join('/usr/lib', triplet, 'faketime', 'libfaketimeMT.so.1'))
  .find((file) => existsSync(file));

/** Why chrony cannot run here; `false` where it can. */
export const lacking: string | false = !existsSync(CHRONYD)
  ? 'needs Debian chrony'
  : !LIBFAKETIME
    ? 'needs Debian libfaketime'
    : process.getuid?.() !== 0
      ? 'needs root: chronyd starts as root'
      : false;

/** What libfaketime leaves behind of a process that was killed. */
export function tidy(pid: number | undefined): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) {
    rmSync(join('/dev/shm', name), { force: true });
  }
}

export interface TimeServer {
  readonly host: string;
  readonly port: number;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
}

async function freePort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** A chronyd that serves the machine's time, moved by `ahead` seconds; it answers when this resolves. */
export async function chrony(t: TestContext, host: string, ahead = 0): Promise<TimeServer> {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-chrony-'));
  const port = await freePort(host);
  const conf = join(folder, 'chrony.conf');
  writeFileSync(
    conf,
    [
      'local stratum 3',
      `port ${port}`,
      `bindaddress ${host}`,
      'allow 127.0.0.0/8',
      'cmdport 0',
      'bindcmdaddress /',
      `pidfile ${folder}/pid`,
      '',
    ].join('\n'),
  );
  const faked = { LD_PRELOAD: LIBFAKETIME ?? '', FAKETIME: `${ahead >= 0 ? '+' : ''}${ahead}s` };
  const child = spawn(CHRONYD, ['-n', '-x', '-u', 'root', '-f', conf], {
    env: { ...process.env, ...(ahead === 0 ? {} : { ...faked, FAKETIME_DONT_FAKE_MONOTONIC: '1' }) },
    stdio: 'ignore',
  });
  const stop = () => stopped(child);
  t.after(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await answers(host, port, child);
  return { host, port, stop };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  await closed;
  tidy(child.pid);
}

/** Asks until it answers: chronyd says nothing when it is ready. */
async function answers(host: string, port: number, child: ChildProcess): Promise<void> {
  const socket = createSocket('udp4');
  const request = Buffer.alloc(48);
  request[0] = 0x23;
  request.writeUInt32BE(1, 40);
  const asking = setInterval(() => socket.send(request, port, host), 20);
  try {
    await Promise.race([
      once(socket, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('chronyd ended'))),
    ]);
  } finally {
    clearInterval(asking);
    socket.close();
  }
}
