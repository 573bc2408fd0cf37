// Owns the workbench of the scenarios: what can be asked of a board, over its sockets and by the command line.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { Board, type Plan, type Run } from './board.ts';
import { call, type Document, type Reply, says } from './client.ts';
import { Phone } from './phone.ts';
import { PROGRAM } from './program.ts';

export { lacking, MINUTES } from './board.ts';

/** A test, or whatever else ends. */
export type Ending = Pick<TestContext, 'after'>;

export class Bench extends Board {
  /** What has to be unmounted before the folder can go. */
  readonly mounts: (() => void)[] = [];

  /** A bench that is cleared away with the test; its daemon runs. */
  static async started(t: Ending, plan: Plan = {}): Promise<Bench> {
    const bench = Bench.idle(t, plan);
    await bench.start();
    return bench;
  }

  /** The same without a daemon. */
  static idle(t: Ending, plan: Plan = {}): Bench {
    const bench = new Bench(plan);
    t.after(async () => {
      await bench.clear();
      for (const unmount of bench.mounts) unmount();
      rmSync(bench.root, { recursive: true, force: true });
    });
    return bench;
  }

  /** One run of the command line. `answer` makes its standard input from its first line, or from the question for a password. */
  cli(words: readonly string[], answer: (line: string) => string = () => ''): Promise<Run> {
    const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
    const [command, ...program] = PROGRAM;
    const child = spawn(command, [...program, ...words, '--root', this.root], { env });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n') && child.stdin.writable) child.stdin.end(answer(out));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      if (err.endsWith('Password: ') && child.stdin.writable) child.stdin.end(answer(err));
    });
    child.stdin.on('error', () => child.stdin.destroy());
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, out, err }));
    });
  }

  /** `POST /v1/login/OPERATION` on login.sock. */
  login(operation: string, body: unknown): Promise<Reply> {
    return call({ socket: this.file('run', 'login.sock'), path: `/v1/login/${operation}`, body });
  }

  /** `POST /api/v1/second-step/OPERATION` on web.sock. */
  page(operation: string, body: unknown): Promise<Reply> {
    return call({ socket: this.file('run', 'web.sock'), path: `/api/v1/second-step/${operation}`, body });
  }

  /** What root asks on admin.sock, e.g. `asRoot('GET /v1/status')`. */
  asRoot(operation: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const [method = '', path = ''] = operation.split(' ');
    return call({ socket: this.file('run', 'admin.sock'), method, path, body, headers });
  }

  event(user: string, event: string): Promise<Reply> {
    return call({ socket: this.file('run', 'login.sock'), path: '/v1/account-event', body: { user, event } });
  }

  /** `POST /v1/password-reset/OPERATION` on login.sock. */
  reset(operation: string, body: unknown): Promise<Reply> {
    return call({ socket: this.file('run', 'login.sock'), path: `/v1/password-reset/${operation}`, body });
  }

  /** What the status warns of, besides the clock that nobody confirms on this bench. */
  async troubles(): Promise<string[]> {
    const { body } = await this.asRoot('GET /v1/status');
    return (body.warnings ?? []).map(({ code }) => code).filter((code) => code !== 'clock-unsynchronised');
  }

  /** Asks until it is so. Each question is a request of its own, so it is no busy wait. @throws after 30 s */
  async until(question: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + 30_000;
    while (!(await question())) {
      if (performance.now() > end) throw new Error('it did not come about within 30 s');
    }
  }

  /** What a start of the board does to what lies in memory. */
  forgetMemory(): void {
    rmSync(this.file('run', 'state'), { recursive: true, force: true });
  }

  async health(): Promise<number> {
    const reply = await call({
      socket: this.file('run', 'login.sock'),
      method: 'GET',
      path: '/v1/health',
    });
    return reply.status;
  }

  begin(user: string, more: Readonly<Record<string, unknown>> = {}): Promise<Reply> {
    return this.login('begin', { user, service: 'web', ...more });
  }

  /** The ID of a login that is challenged. */
  async challenged(user: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const reply = await this.begin(user, more);
    says(reply, 401, { outcome: 'challenge' });
    return reply.body.login ?? '';
  }

  /** Begins and answers. */
  async tries(user: string, code: string, more: Readonly<Record<string, unknown>> = {}): Promise<Reply> {
    const login = await this.challenged(user, more);
    return this.login('answer', { login, user, method: 'totp', code });
  }

  /** The same with a recovery code. */
  async recovers(user: string, code: string): Promise<Reply> {
    const login = await this.challenged(user);
    return this.login('answer', { login, user, method: 'recovery-code', code });
  }

  /** Enrols as root and lets the enrolling code's step pass, so that the phone's next code counts. */
  async enrolled(user: string): Promise<Phone> {
    const offer = await this.asRoot(`POST /v1/users/${user}/enrolment`);
    says(offer, 201);
    const phone = new Phone(offer.body.secret ?? '');
    const confirmed = await this.asRoot(`POST /v1/users/${user}/enrolment/confirm`, {
      code: phone.code(this.now),
    });
    says(confirmed, 201);
    this.pass(30);
    return new Phone(phone.secret, confirmed.body.recoveryCodes ?? []);
  }

  async user(name: string): Promise<Document> {
    return (await this.asRoot(`GET /v1/users/${name}`)).body;
  }
}
