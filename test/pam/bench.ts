// Owns the workbench of the PAM tests: the module and its driver built with sanitizers, private PAM folders, transcripts.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleaner } from '../native/datagrams.ts';
import { type Asked, type FakeDaemon, fakeDaemon, type Script } from './fake-daemon.ts';

const HERE = import.meta.dirname;
export const ROOT = join(HERE, '..', '..');

const SANITIZE = '-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer';

/** What keeps the PAM tests from running here, or undefined. */
export function missing(...more: readonly string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/usr/include/security/pam_modules.h')) return 'needs libpam0g-dev';
  const absent = ['cc', ...more].filter((tool) => !hasTool(tool));
  return absent.length > 0 ? `needs ${absent.join(', ')}` : undefined;
}

function hasTool(tool: string): boolean {
  const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, tool)));
}

export interface Outcome {
  readonly code: number;
  /** What the person saw, one message a line. */
  readonly output: string;
  /** What the module logged, and sanitizers complained. */
  readonly complaints: string;
}

export interface Login {
  readonly answers?: readonly string[];
  readonly options?: string;
  readonly socket?: string;
  readonly user?: string;
  readonly service?: string;
  readonly driver?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The PAM lines, where MODULE stands for the module with its socket. */
  readonly lines?: string;
}

/** What is typed at the last question of a screen. */
export type Answer = (screen: string) => string | Promise<string>;

/** A temporary folder with the module in it. */
export class Bench {
  readonly folder: string;
  readonly socket: string;
  readonly module: string;
  readonly #driver: string;

  constructor(sanitized = true) {
    this.folder = mkdtempSync(join(tmpdir(), 'fygo-pam-'));
    // Test users and sshd's children have to reach into it.
    chmodSync(this.folder, 0o755);
    mkdirSync(join(this.folder, 'run'));
    this.socket = join(this.folder, 'run', 'login.sock');
    this.module = join(this.folder, 'pam_fygo_2fa.so');
    this.#driver = join(this.folder, 'driver');
    const flags = sanitized ? SANITIZE : '';
    const env = { ...process.env, EXTRA_CFLAGS: flags };
    execFileSync(join(ROOT, 'scripts', 'build-pam'), [this.folder], { env, stdio: 'inherit' });
    const source = join(HERE, 'driver.c');
    const words = `-std=gnu11 -D_GNU_SOURCE -O1 -g ${flags} -o ${this.#driver} ${source} -lpam -lpthread`;
    execFileSync('cc', words.split(/\s+/), { stdio: 'inherit' });
  }

  daemon(script: Script): Promise<FakeDaemon> {
    return fakeDaemon(this.socket, script);
  }

  /** Logs in through the driver in a private PAM folder. `answer` hears each question with all that came before. */
  async login(plan: Login = {}, wrapper: readonly string[] = [], answer?: Answer): Promise<Outcome> {
    const conf = mkdtempSync(join(this.folder, 'pam.d-'));
    const service = plan.service ?? 'test';
    const line = `${this.module} socket=${plan.socket ?? this.socket} ${plan.options ?? ''}`;
    const lines =
      plan.lines ?? ['auth', 'password', 'account'].map((kind) => `${kind} required MODULE`).join('\n');
    writeFileSync(join(conf, service), `${lines.replaceAll('MODULE', line)}\n`);
    const [command, ...words] = [...wrapper, this.#driver, ...(plan.driver ?? [])];
    return run(String(command), [...words, conf, service, plan.user ?? 'alice'], {
      input: answer ?? (plan.answers ?? []).map((line) => `${line}\n`).join(''),
      env: { PATH: '/usr/bin:/usr/sbin:/bin:/sbin', ASAN_OPTIONS: 'detect_leaks=1', ...plan.env },
    });
  }

  /** The same against a daemon that answers by a script. @returns also what the daemon was asked */
  async scripted(
    t: Cleaner,
    script: Script,
    plan: Login,
  ): Promise<Outcome & { readonly asked: readonly Asked[]; readonly connections: number }> {
    const daemon = await this.daemon(script);
    t.after(() => daemon.close());
    const outcome = await this.login(plan);
    await daemon.close();
    assert.equal(outcome.complaints, '');
    return { ...outcome, asked: daemon.asked, connections: daemon.connections() };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The driver prints a question as a line of its own. */
const QUESTION = /^(?:hidden|shown ): .*\n/gm;

/** Runs a program to its end; its output is whatever it was, text that is not UTF-8 included. */
export function run(
  command: string,
  words: readonly string[],
  how: { readonly input?: string | Answer; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { env: how.env ?? process.env });
    let output = '';
    let complaints = '';
    const { input = '' } = how;
    let asked = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (typeof input === 'string') return;
      const questions = output.match(QUESTION)?.length ?? 0;
      if (questions > asked && child.stdin.writable)
        Promise.resolve(input(output)).then((line) => child.stdin.write(`${line}\n`), reject);
      asked = questions;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output, complaints }));
    child.stdin.on('error', () => child.stdin.destroy());
    if (typeof input === 'string') child.stdin.end(input);
  });
}

/** Compares with test/pam/transcripts/NAME.txt; `UPDATE_TRANSCRIPTS=1` writes it instead. */
export function matchTranscript(name: string, seen: string): void {
  const file = join(HERE, 'transcripts', `${name}.txt`);
  if (process.env.UPDATE_TRANSCRIPTS === '1') {
    mkdirSync(join(HERE, 'transcripts'), { recursive: true });
    writeFileSync(file, seen);
  }
  assert.equal(seen, readFileSync(file, 'utf8'), `what the person sees differs from ${file}`);
}
