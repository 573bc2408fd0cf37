// Owns the three PAM modules that are compared: how each is set up with the same users, and one run of logins.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { base32 } from '../daemon/enrolment/otpauth.ts';
import { makeState, type Seeded, seededUsers, startDaemon, WARM_UP, warmUp } from './board.ts';

export type Peer = 'fygo-2fa' | 'google-authenticator' | 'oath';
export const PEERS: readonly Peer[] = ['fygo-2fa', 'google-authenticator', 'oath'];

/** Ready to log in; `stop` ends what was started for it. */
export interface Ready {
  /** Microseconds of each login, from pam_start to pam_end. @throws when one of them fails */
  logIn(users: readonly Seeded[]): Promise<number[]>;
  stop(): Promise<void>;
}

/** Builds the driver and the module. @throws when a package is missing */
export function build(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('scripts/build-pam', [folder]);
  const driver = join(folder, 'pam-driver');
  execFileSync('cc', ['-O2', '-Wall', '-o', driver, 'bench/pam-driver.c', '-lpam', '-loath']);
}

/** Sets one peer up with these users below `folder`, which lies on the medium to be measured. */
export async function prepare(
  peer: Peer,
  users: readonly Seeded[],
  folder: string,
  built: string,
): Promise<Ready> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const setUp = { 'fygo-2fa': fygo, 'google-authenticator': google, oath }[peer];
  const { line, stop } = await setUp(users, resolve(folder), built);
  const conf = join(folder, 'pam.d');
  mkdirSync(conf);
  writeFileSync(join(conf, 'bench'), `auth required ${line}\n`);
  return { logIn: (some) => drive(some, resolve(conf), built), stop };
}

interface SetUp {
  readonly line: string;
  stop(): Promise<void>;
}

async function fygo(users: readonly Seeded[], folder: string, built: string): Promise<SetUp> {
  const root = join(folder, 'root');
  const warming = seededUsers(WARM_UP, 'warm');
  await makeState(root, [...users, ...warming]);
  const daemon = await startDaemon(root);
  await warmUp(daemon, warming);
  return { line: `${resolve(built)}/pam_fygo_2fa.so socket=${daemon.login}`, stop: () => daemon.stop() };
}

/** Its defaults where it asks: three codes' window, reuse refused, three attempts in 30 s. */
async function google(users: readonly Seeded[], folder: string): Promise<SetUp> {
  const secrets = join(folder, 'secrets');
  mkdirSync(secrets, { mode: 0o700 });
  for (const { name, seed } of users) {
    const options = '" RATE_LIMIT 3 30\n" WINDOW_SIZE 3\n" DISALLOW_REUSE\n" TOTP_AUTH\n';
    writeFileSync(join(secrets, name), `${base32(seed)}\n${options}`, { mode: 0o400 });
  }
  const line = `pam_google_authenticator.so secret=${secrets}/\${USER} user=root`;
  return { line, stop: async () => {} };
}

async function oath(users: readonly Seeded[], folder: string): Promise<SetUp> {
  const file = join(folder, 'users.oath');
  const lines = users.map(({ name, seed }) => `HOTP/T30/6 ${name} - ${seed.toString('hex')}\n`);
  writeFileSync(file, lines.join(''));
  chmodSync(file, 0o600);
  return { line: `pam_oath.so usersfile=${file} window=3 digits=6`, stop: async () => {} };
}

async function drive(users: readonly Seeded[], conf: string, built: string): Promise<number[]> {
  const child = spawn(join(built, 'pam-driver'), [conf, 'bench'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.end(users.map(({ name, seed }) => `${name} ${seed.toString('hex')}\n`).join(''));
  let text = '';
  for await (const part of child.stdout) text += String(part);
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`logins failed: ${text.split('\n').at(-2)}`);
  return text.split('\n').slice(0, -2).map(Number);
}
