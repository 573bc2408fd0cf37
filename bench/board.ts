// Owns the boards that are measured: a state with many enrolled users, and the real daemon on it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Roster } from '../daemon/accounts/roster.ts';
import { enrol } from '../daemon/enrolment/enrol.ts';
import { instant } from '../daemon/kernel/instant.ts';
import { systemRandom } from '../daemon/kernel/random.ts';
import { Secret } from '../daemon/kernel/secret.ts';
import { placesOf } from '../daemon/places.ts';
import { State } from '../daemon/store/state.ts';
import { codeAt, newSecret, stepAt } from '../daemon/verification/totp.ts';
import { ntpServer } from '../test/clock/ntp-server.ts';
import { Client, logInAll } from './client.ts';

export interface Seeded {
  readonly name: string;
  readonly seed: Buffer;
}

/** Users with their seeds; nobody of the system is touched. */
export function seededUsers(count: number, prefix = 'bench'): Seeded[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${prefix}${i}`,
    seed: newSecret(systemRandom).reveal(),
  }));
}

export function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = systemRandom(4).readUInt32LE() % (i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** The code of the present step. */
export function codeNow({ seed }: Seeded): string {
  return codeAt(new Secret(seed), stepAt(instant(Date.now()))) ?? '';
}

/** Makes a state below `root` in which all of them enrolled a minute ago, through the daemon's own enrolment. */
export async function makeState(root: string, users: readonly Seeded[]): Promise<void> {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'etc'), { recursive: true });
  const passwd = users.map(({ name }, i) => `${name}:x:${20_000 + i}:20000::/nonexistent:/bin/sh\n`);
  writeFileSync(join(root, 'etc', 'passwd'), passwd.join(''));
  writeFileSync(join(root, 'etc', 'group'), 'bench:x:20000:\n');
  const servers = (await timeServers()).map((server) => `"${server}"`).join(', ');
  writeFileSync(join(root, 'etc', 'config.toml'), `[clock]\nservers = [${servers}]\n`);
  const places = placesOf(root);
  const now = instant(Date.now() - 60_000);
  const state = new State({
    ...places,
    roster: new Roster(places.roster),
    auditRows: 100_000,
    floor: instant(0),
    random: systemRandom,
    elapsed: () => 0,
    mayCreate: true,
    mounted: () => true,
    reconcile: () => {},
    distrust: () => {},
  });
  const key = state.key();
  const enrolled = await state.write((t) =>
    users.map(({ name, seed }, i) => {
      const first = { kind: 'right', step: stepAt(now), drift: 0 } as const;
      const who = { name, uid: 20_000 + i };
      return enrol(t, who, new Secret(seed), first, now, { key, random: systemRandom }).user;
    }),
  );
  state.roster.record(...enrolled);
  state.close();
}

let serving: Promise<string[]> | undefined;
const ends: (() => unknown)[] = [];

/** Four time servers on loopback that are right, as a board in use has them. */
function timeServers(): Promise<string[]> {
  serving ??= Promise.all(
    [1, 2, 3, 4].map(async (last) => {
      const { host, port } = await ntpServer(
        { after: (end) => void ends.push(end as () => unknown) },
        `127.0.0.${last}`,
      );
      return `${host}:${port}`;
    }),
  );
  return serving;
}

/** Ends the time servers; the process would wait for them. */
export function endTimeServers(): void {
  for (const end of ends.splice(0)) end();
}

export interface Daemon {
  readonly pid: number;
  readonly login: string;
  stop(): Promise<void>;
}

/** Starts the daemon on `root`, as user `uid` where one is given; resolves when it is ready and its clock is synchronised. */
export async function startDaemon(root: string, program = 'scripts/fygo-2fa', uid?: number): Promise<Daemon> {
  const child: ChildProcess = spawn(program, ['serve', '--root', root], {
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const ended = once(child, 'exit');
  for await (const part of child.stdout as AsyncIterable<Buffer>) if (part.includes('ready')) break;
  await synchronised(join(root, 'run', 'admin.sock'));
  return {
    pid: child.pid ?? 0,
    login: join(root, 'run', 'login.sock'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Memory of a process in MiB; "Private_Dirty" is what nobody shares and no file holds. */
export function memoryOf(pid: number, kind: 'Anonymous' | 'Private_Dirty'): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const found = new RegExp(`^${kind}:\\s+([0-9]+) kB$`, 'm').exec(text);
  return Number(found?.[1] ?? Number.NaN) / 1024;
}

/** @throws after ten seconds: without synchronised time other code paths would be measured */
async function synchronised(admin: string): Promise<void> {
  const client = await Client.open(admin);
  try {
    for (let tries = 0; tries < 200; tries++) {
      const { body } = await client.get('/v1/status');
      if ((JSON.parse(body) as { clock: { state: string } }).clock.state === 'synchronised') return;
      await pause(50);
    }
  } finally {
    client.close();
  }
  throw new Error('the daemon did not synchronise with the four time servers of the bench');
}

/** So many logins make V8 compile what a login runs. */
export const WARM_UP = 3_000;

/** Logs the users of a warm-up in: what is measured afterwards is a daemon that has been up for a while. */
export async function warmUp(daemon: Daemon, users: readonly Seeded[]): Promise<void> {
  await logInAll(daemon.login, users, 16);
}
