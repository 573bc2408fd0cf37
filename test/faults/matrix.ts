// Owns one cell of the fault matrix: an operation during which one system call on the store's files fails or kills.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Bench } from '../scenarios/bench.ts';
import type { Reply } from '../scenarios/client.ts';
import { says } from '../scenarios/client.ts';
import type { Mailbox } from '../scenarios/mailbox.ts';
import type { Cast, Seen } from './cast.ts';
import { postable } from './mailed.ts';
import { OPERATIONS } from './operations.ts';

export const FAULTS = ['EIO', 'ENOSPC', 'EROFS', 'kill'] as const;
export type Fault = (typeof FAULTS)[number];

/** Every call by which a file of the store is changed or made durable. */
export const CALLS = ['pwrite64', 'write', 'fdatasync', 'fsync', 'rename', 'openat', 'unlink'] as const;
export type Call = (typeof CALLS)[number];

export interface Cell {
  readonly operation: string;
  readonly fault: Fault;
  readonly call: Call;
  readonly nth: number;
}

export interface Result {
  /** False: the operation makes fewer such calls. */
  readonly met: boolean;
  /** `null`: the daemon was killed before it answered. */
  readonly status: number | null;
  readonly seen: Seen;
}

/** A board for cells: alice enrolled, with codes to spend and an address in this mailbox. */
export async function castOf(bench: Bench, mailbox: Mailbox): Promise<Cast> {
  const alice = await bench.enrolled('alice');
  const cast = { bench, mailbox, alice, codes: [...alice.recoveryCodes] };
  await postable(cast);
  return cast;
}

/**
 * Asks for the operation while the call fails, pulls the plug, starts again, and looks. @throws when what is there is
 * half, when an answer has no record, or when there is no way back in
 */
export async function runCell(cast: Cast, { operation, fault, call, nth }: Cell): Promise<Result> {
  const { bench } = cast;
  await stocked(cast);
  const ready = await (OPERATIONS[operation] ?? assert.fail(operation))(cast);
  const replies: (Reply | null)[] = [];
  const trace = await failing(bench, fault, call, nth, async () => {
    replies.push(await ready.act().catch(() => null));
  });
  const met =
    fault === 'kill' ? replies[0] === null || /killed by SIGKILL/.test(trace) : /INJECTED/.test(trace);
  await bench.kill();
  await bench.start();
  const what = `${operation}, ${fault} at ${call} ${nth}`;
  assert.deepEqual(await bench.troubles(), [], what);
  const seen = await ready.look();
  const reply = replies[0] ?? null;
  const done = reply !== null && reply.status >= 200 && reply.status < 300;
  const refused = ready.refused === true && reply?.status === 403 && reply.body.outcome === 'refused';
  if (done || refused)
    assert.equal(seen, 'new', `${what}: answered ${reply.status}, and nothing of it is there`);
  const unavailable = reply?.status === 503 || reply?.body.because === 'store-unavailable';
  assert.ok(reply === null || done || refused || unavailable, `${what}: ${reply?.text}`);
  await wayIn(cast, what);
  return { met, status: reply?.status ?? null, seen };
}

/** Alice gets in with the next code, whatever happened. */
async function wayIn({ bench, alice }: Cast, what: string): Promise<void> {
  bench.pass(30);
  const reply = await bench.tries('alice', alice.code(bench.now));
  assert.equal(reply.status, 200, `${what}: alice is locked out: ${reply.text}`);
}

async function stocked(cast: Cast): Promise<void> {
  if (cast.codes.length > 2) return;
  const reply = await cast.bench.asRoot('POST /v1/users/alice/recovery-codes');
  says(reply, 201);
  cast.codes = [...(reply.body.recoveryCodes ?? [])];
}

/** Does `work` while the nth `call` on the store's files fails. @returns what strace saw */
async function failing(
  bench: Bench,
  fault: Fault,
  call: Call,
  nth: number,
  work: () => Promise<void>,
): Promise<string> {
  const trace = bench.file('trace');
  const how = fault === 'kill' ? 'signal=SIGKILL' : `error=${fault}`;
  const files = ['var/state.db', 'var/state.db-wal', 'etc/roster', 'etc/roster.new', 'etc'];
  const paths = files.flatMap((name) => ['-P', bench.file(...name.split('/'))]);
  const words = ['-o', trace, ...paths, '-e', `trace=${call}`, '-e', `inject=${call}:${how}:when=${nth}`];
  const strace = spawn('strace', [...words, '-p', String(bench.pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(strace, 'close');
  let said = '';
  for await (const chunk of strace.stderr.setEncoding('utf8')) {
    said += chunk;
    if (/attached/.test(said)) break;
  }
  assert.match(said, /attached/);
  await work();
  strace.kill('SIGINT');
  await closed;
  return readFileSync(trace, 'utf8');
}
