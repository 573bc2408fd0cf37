// Owns the accounts, PAM services and terminals of the tests that log in through Debian's own programs.

import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchTranscript, type Outcome, run } from './bench.ts';

export const PASSWORD = 'correct horse';

/** What has to be seen, and the line that is typed then. */
export type Step = readonly [seen: string, typed: string | null];

/** A person at a terminal. `seconds` is the patience, not a pause. */
export async function atTerminal(
  command: readonly string[],
  steps: readonly Step[],
  env: Readonly<Record<string, string>> = {},
  seconds = 12,
): Promise<Outcome> {
  const script = join(import.meta.dirname, '../scenarios/person.py');
  const outcome = await run('/usr/bin/python3', [script, String(seconds), ...command], {
    input: JSON.stringify(steps),
    env: { PATH: '/usr/bin:/usr/sbin:/bin:/sbin', LANG: 'C.UTF-8', TERM: 'dumb', HOME: '/root', ...env },
  });
  return { ...outcome, output: outcome.output.replaceAll('\r\n', '\n').replaceAll('\r', '') };
}

/** Compares what was on a terminal, apart from names and numbers that differ from run to run. */
export function matchScreen(name: string, seen: string, user: string): void {
  const steady = seen
    .replaceAll(user, 'alice')
    .replaceAll(/port \d+/g, 'port PORT')
    .replaceAll(/^(Connection closed by|Received disconnect from) .*$/gm, '$1 HOST')
    .replaceAll(/[ \t]+$/gm, '')
    .replace(/\n*$/, '\n');
  matchTranscript(name, steady);
}

/** Test users, and files in /etc/pam.d, that vanish with `remove()` and with the process. */
export class People {
  readonly #users: string[] = [];
  readonly #services: string[] = [];
  readonly #leave = () => this.remove();

  constructor() {
    process.once('exit', this.#leave);
  }

  /** A user with PASSWORD; the name is at most 32 characters and unlike any that a person would have. */
  user(purpose: string): string {
    const name = `fygot-${purpose}-${process.pid}`;
    this.#users.push(name);
    execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', name]);
    execFileSync('chpasswd', { input: `${name}:${PASSWORD}\n` });
    return name;
  }

  service(name: string, lines: string): string {
    this.#services.push(name);
    writeFileSync(join('/etc/pam.d', name), lines);
    return name;
  }

  remove(): void {
    process.off('exit', this.#leave);
    for (const name of this.#services.splice(0)) rmSync(join('/etc/pam.d', name), { force: true });
    for (const name of this.#users.splice(0)) spawnSync('userdel', ['--remove', '--force', name]);
  }
}
