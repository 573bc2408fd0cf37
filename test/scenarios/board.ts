// Owns the daemon of a scenario: a real one on a folder of its own, whose wall clock stands still until it is moved.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faketime, PROGRAM } from './program.ts';

/** When the scenarios begin: ten seconds into a time step. */
export const NOON = Date.UTC(2026, 11, 1, 12, 0, 10);
export const MINUTES = 60_000;

const PASSWD = `root:x:0:0::/root:/bin/sh
toor:x:0:0::/root:/bin/sh
daemon:x:2:2::/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000::/home/alice:/bin/sh
bob:x:1001:1000::/home/bob:/bin/sh
carol:x:1002:1000::/home/carol:/bin/sh
`;

/** Why a scenario cannot run here; `false` where it can. */
export function lacking(...tools: readonly string[]): string | false {
  if (!faketime()) return 'needs Debian libfaketime';
  const absent = tools.filter((tool) => !existsSync(join('/usr/bin', tool)));
  return absent.length > 0 ? `needs ${absent.join(', ')}` : false;
}

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Plan {
  /** Extra lines of passwd(5). */
  readonly passwd?: string;
  /** The daemon's wall clock follows the machine's in place of standing still. */
  readonly realTime?: boolean;
  /** Runs the daemon as this user. */
  readonly uid?: number;
}

/** A daemon on a temporary folder, its people and its clock. */
export class Board {
  readonly root: string;
  /** The daemon's wall clock. */
  now = NOON;
  /** Everything that every daemon of this bench printed. */
  printed = '';
  readonly #plan: Plan;
  #child: ChildProcess | undefined;
  readonly #children = new Set<ChildProcess>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.root = mkdtempSync(join(tmpdir(), 'fygo-scenario-'));
    chmodSync(this.root, 0o755);
    mkdirSync(this.file('etc'));
    this.settle();
    this.setClock(NOON);
  }

  /** Writes what belongs into `etc`. */
  settle(): void {
    this.people(this.#plan.passwd);
    // Servers that cannot be asked (IPv6 alone): the check ends at once, and nobody confirms this wall clock.
    const nobody = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');
    writeFileSync(this.file('etc', 'config.toml'), `[clock]\nservers = [${nobody}]\n`);
  }

  file(...path: readonly string[]): string {
    return join(this.root, ...path);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  people(more = ''): void {
    writeFileSync(this.file('etc', 'passwd'), PASSWD + more);
    writeFileSync(this.file('etc', 'group'), 'root:x:0:\nusers:x:1000:\nsudo:x:27:alice\n');
  }

  setClock(at: number): void {
    this.now = at;
    const text = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
    writeFileSync(this.file('clock.new'), `${text}\n`);
    renameSync(this.file('clock.new'), this.file('clock'));
  }

  /** Lets that many seconds pass on the daemon's wall clock, in no time at all. */
  pass(seconds: number): void {
    this.setClock(this.now + seconds * 1000);
  }

  /** Starts the daemon; resolves when every socket answers. */
  async start(): Promise<void> {
    const { code, err } = await this.launch();
    assert.equal(code, null, `the daemon ended before it was ready: ${err}`);
  }

  /**
   * Starts the daemon; resolves when it is ready (`code` null) or has ended. `under`: what starts it in place of
   * itself, e.g. strace.
   */
  async launch(under: readonly string[] = []): Promise<Run> {
    const [command = '', ...words] = [...under, ...PROGRAM, 'serve', '--root', this.root];
    const { uid } = this.#plan;
    const child = spawn(command, words, {
      env: this.#env(),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    let out = '';
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      this.printed += text;
    });
    const { promise, resolve, reject } = Promise.withResolvers<Run>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      this.printed += text;
      if (/^ready$/m.test(out)) resolve({ code: null, out, err });
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      tidy(child.pid);
      this.#children.delete(child);
      if (this.#child === child) this.#child = undefined;
      resolve({ code: code ?? (signal ? 128 : 0), out, err });
    });
    const before = this.#child;
    this.#child = child;
    this.#children.add(child);
    const run = await promise;
    // A second daemon that was refused must not hide the first.
    if (run.code !== null) this.#child = before;
    return run;
  }

  /** Stops the daemon as systemd would. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const [code] = await closed;
    assert.equal(code, 0, 'the daemon stops in good order');
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  /** Ends every daemon of this bench, those too that should not be there. */
  async clear(): Promise<void> {
    const closed = [...this.#children].map(async (child) => {
      const end = once(child, 'close');
      child.kill('SIGKILL');
      await end;
    });
    await Promise.all(closed);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #env() {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const common = { PATH, TZ: 'UTC', ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}) };
    if (this.#plan.realTime) return common;
    return {
      ...common,
      LD_PRELOAD: faketime(),
      FAKETIME_TIMESTAMP_FILE: this.file('clock'),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }
}

/** What libfaketime leaves behind of a process that was killed. */
function tidy(pid: number | undefined): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) {
    rmSync(join('/dev/shm', name), { force: true });
  }
}
