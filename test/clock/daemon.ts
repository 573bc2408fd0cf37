// Owns the workbench of the clock's scenarios: a real daemon with a wall clock that the test sets, and an owner with oathtool.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { PROGRAM } from '../scenarios/program.ts';
import { LIBFAKETIME, tidy } from './chrony.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents of the daemon, judged field by field.
export type Document = any;

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Resolves when at least ten seconds of a time step are left, so that codes of neighbouring steps stay neighbours. */
export async function earlyInAStep(): Promise<void> {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 10_000) await once(AbortSignal.timeout(left), 'abort');
}

/** Seconds from the true time to a moment. */
export const until = (moment: number) => Math.round((moment - Date.now()) / 1000);
export const YEAR = 365 * 86_400;

export class Daemon {
  readonly root: string;
  secret = '';
  recoveryCodes: string[] = [];
  /** When the last daemon was started, and how long it took to be ready, ms. */
  started = 0;
  readyAfter = 0;
  #child: ChildProcess | undefined;

  constructor(t: TestContext, servers: readonly Place[]) {
    this.root = mkdtempSync(join(tmpdir(), 'fygo-clock-'));
    mkdirSync(join(this.root, 'etc'));
    writeFileSync(join(this.root, 'etc/passwd'), 'alice:x:1000:1000::/home/alice:/bin/sh\n');
    writeFileSync(join(this.root, 'etc/group'), 'users:x:1000:\n');
    this.setServers(servers);
    this.setWall(0);
    t.after(async () => {
      await this.stop('SIGKILL');
      rmSync(this.root, { recursive: true, force: true });
    });
  }

  setServers(servers: readonly Place[]): void {
    const list = servers.map(({ host, port }) => `"${host.includes(':') ? `[${host}]` : host}:${port}"`);
    writeFileSync(join(this.root, 'etc/config.toml'), `[clock]\nservers = [${list.join(', ')}]\n`);
  }

  /** Puts the daemon's wall clock so many seconds from the true time; also while it runs. */
  setWall(ahead: number): void {
    writeFileSync(join(this.root, 'wall.new'), `${ahead < 0 ? '' : '+'}${ahead}\n`);
    renameSync(join(this.root, 'wall.new'), join(this.root, 'wall'));
  }

  async start(): Promise<void> {
    this.started = performance.now();
    const [command, ...program] = PROGRAM;
    const child = spawn(command, [...program, 'serve', '--root', this.root], {
      env: {
        PATH: process.env.PATH,
        TZ: 'UTC',
        LD_PRELOAD: LIBFAKETIME,
        FAKETIME_TIMESTAMP_FILE: join(this.root, 'wall'),
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const ready = Promise.withResolvers<void>();
    child.stdout?.setEncoding('utf8').on('data', (text: string) => /ready/.test(text) && ready.resolve());
    child.once('exit', () => ready.reject(new Error('the daemon ended')));
    await ready.promise;
    this.readyAfter = performance.now() - this.started;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = await exited;
    tidy(child.pid);
    if (signal === 'SIGTERM') assert.equal(code, 0, 'it stops in good order');
  }

  /** A call on a socket; `path` has the method before it. */
  call(socket: string, operation: string, body?: unknown): Promise<{ status: number; body: Document }> {
    const [method = '', path = ''] = operation.split(' ');
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Document }>();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
    const agent = new Agent({ keepAlive: false });
    request(
      { socketPath: join(this.root, 'run', socket), method, path, headers, agent },
      async (response) => {
        const whole = Buffer.concat(await response.toArray()).toString();
        resolve({ status: response.statusCode ?? 0, body: whole === '' ? {} : JSON.parse(whole) });
      },
    )
      .on('error', reject)
      .end(text);
    return promise;
  }

  admin(operation: string, body?: unknown) {
    return this.call('admin.sock', operation, body);
  }

  async clock(): Promise<Document> {
    return (await this.admin('GET /v1/clock')).body;
  }

  /** Checks now, and what is known then. */
  async check(): Promise<Document> {
    const { status, body } = await this.admin('POST /v1/clock/check', {});
    assert.equal(status, 200);
    return body;
  }

  /** Enrols alice with the code of `at` (ms), which spends it. */
  async enrol(at: number): Promise<void> {
    const offer = await this.admin('POST /v1/users/alice/enrolment');
    assert.equal(offer.status, 201, JSON.stringify(offer.body));
    this.secret = offer.body.secret;
    const done = await this.admin('POST /v1/users/alice/enrolment/confirm', { code: this.code(at) });
    assert.equal(done.status, 201, JSON.stringify(done.body));
    this.recoveryCodes = done.body.recoveryCodes;
  }

  /** What alice's phone shows at a moment (ms), by an implementation that is not ours. */
  code(at: number): string {
    const now = `--now=${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    return execFileSync('oathtool', ['--totp', '-b', now, this.secret], { encoding: 'utf8' }).trim();
  }

  /** So many codes in a row, the first of `at`. */
  codes(at: number, count: number): string {
    return Array.from({ length: count }, (_, i) => this.code(at + i * 30_000)).join(' ');
  }

  /** One whole login of alice. */
  async login(code: string, method = 'totp'): Promise<{ status: number; body: Document }> {
    const begun = await this.call('login.sock', 'POST /v1/login/begin', { user: 'alice', service: 'web' });
    if (begun.status !== 401) return begun;
    const { login } = begun.body;
    return this.call('login.sock', 'POST /v1/login/answer', { login, user: 'alice', method, code });
  }

  /** Tries until it is let in or 10 s since the start have passed; how long it took since the start, ms. */
  async inWithin(seconds: number, code: () => string): Promise<number> {
    for (;;) {
      const { status } = await this.login(code());
      const took = performance.now() - this.started;
      if (status === 200) return took;
      assert.ok(took < seconds * 1000, `not in after ${took.toFixed(0)} ms: ${status}`);
      await once(AbortSignal.timeout(100), 'abort');
    }
  }
}
