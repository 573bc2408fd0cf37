// Owns the bench of the command line's tests: a small admin daemon with canned answers, and a terminal to type at.

import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import * as v from 'valibot';
import { type Io, run } from '../../daemon/cli/index.ts';
import { instant } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { adminContract } from '../../daemon/wire/admin.ts';
import type { Operation } from '../../daemon/wire/contract.ts';

/** Commands for a stopped daemon's board are tested on a real one. */
export const NO_BOARD: Io['offline'] = {
  restore: () => Promise.reject(new Error('there is no board here')),
  rotateKey: () => Promise.reject(new Error('there is no board here')),
};

export type OperationId = keyof typeof adminContract;

export interface Asked {
  readonly id: OperationId;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

export interface Canned {
  readonly status: number;
  /** A document, or text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the fake daemon answers to each operation; what is missing is never answered. */
export type Script = { readonly [Id in OperationId]?: (asked: Asked) => Canned };

/** A problem document as the daemon writes it. */
export function problem(status: number, code: string, detail: string, hint: string): Canned {
  const body = { type: 'about:blank', title: code, status, detail, code, hint };
  return { status, body, headers: { 'content-type': 'application/problem+json' } };
}

export interface FakeDaemon {
  readonly root: string;
  readonly asked: readonly Asked[];
  [Symbol.asyncDispose](): Promise<void>;
}

const NOTHING: Asked = { id: 'status', params: {}, query: {}, body: undefined, headers: {} };
const stranger = (): Canned => ({ status: 599, body: 'not in the contract' });

/** Listens on ROOT/run/admin.sock. Requests that do not fit the contract are answered 599. */
export async function fakeDaemon(script: Script): Promise<FakeDaemon> {
  const root = await mkdtemp(join(tmpdir(), 'fygo-cli-'));
  await mkdir(join(root, 'run'));
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const one = recognised(request.method ?? '', request.url ?? '', text, request.headers);
    if (one) asked.push(one);
    const answer = one ? script[one.id] : stranger;
    if (!answer) return;
    const { status, body, headers } = answer(one ?? NOTHING);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
  });
  server.listen(join(root, 'run', 'admin.sock'));
  await once(server, 'listening');
  return {
    root,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(root, { recursive: true });
    },
  };
}

function recognised(
  method: string,
  target: string,
  text: string,
  headers: IncomingHttpHeaders,
): Asked | undefined {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  for (const id of Object.keys(adminContract) as OperationId[]) {
    const operation: Operation = adminContract[id];
    const pattern = new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(pathname);
    if (operation.method !== method || !match) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const query = Object.fromEntries(searchParams);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const parts = [
      [operation.params, params],
      [operation.query, query],
      [operation.body, body],
    ] as const;
    const fits = parts.every(([schema, value]) => (schema ? v.is(schema, value) : true));
    return fits && (body === undefined) === (operation.body === undefined)
      ? { id, params, query, body, headers }
      : undefined;
  }
  return undefined;
}

export interface Typing {
  /** Whether all three streams are a terminal. */
  readonly tty?: boolean;
  /** What is typed at each question; on no terminal it is there from the start. Then the input ends. */
  readonly input?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both as a terminal would show them, with what was typed. */
  readonly screen: string;
}

/** 24 November 2026, 08:00 UTC. */
/** A system that shows nothing. */
export const blind: Io['system'] = {
  read: () => null,
  run: async () => null,
  free: () => null,
  kernel: '6.1.0',
};

export const NOW = instant(Date.UTC(2026, 10, 24, 8));

/** Runs one command as `main.ts` would. */
export async function type(argv: readonly string[], typing: Typing = {}): Promise<Ran> {
  const tty = typing.tty ?? false;
  const stdin = new PassThrough();
  const typed = [...(typing.input ?? [])];
  let screen = '';
  const seen = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        seen[name] += text;
        screen += text;
        if (name === 'stderr' && text.endsWith(': ')) answer();
        done();
      },
    });
  function answer(): void {
    const next = typed.shift();
    if (next === undefined) {
      stdin.end();
      return;
    }
    screen += `${next}\n`;
    stdin.write(`${next}\n`);
  }
  if (!tty)
    stdin.end(
      typed
        .splice(0)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const io: Io = {
    stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    tty: { stdin: tty, stdout: tty, stderr: tty },
    columns: typing.columns ?? (tty ? 80 : undefined),
    env: { LANG: 'C.UTF-8', TERM: 'xterm-256color', ...typing.env },
    hostname: 'fygo',
    version: '0.1.0',
    system: blind,
    random: systemRandom,
    offline: NO_BOARD,
    runtime: { node: '24.0.0' },
    packages: () => [{ name: 'koa', version: '3.0.0' }],
    now: () => NOW,
  };
  const code = await run(argv, io);
  return { code, ...seen, screen };
}
