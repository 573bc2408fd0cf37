// Owns the proof that a flood on the login socket shuts nobody out, whosoever it is; figures are told, not judged.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import type { Flood } from './flooder.ts';
import type { Phone } from './phone.ts';

const root = process.getuid?.() === 0;
const skip = lacking() || (root ? false : 'only root can flood as another user');
/** FYGO_FLOOD=full is a flood of 5,000 connections, and 100,000 answers a minute. */
const full = process.env.FYGO_FLOOD === 'full';
const CROWD = full ? 5_000 : 500;
const A_MINUTE = full ? 100_000 : 20_000;
const LOGINS = full ? 200 : 8;
/** The daemon's own user, who may use the socket besides root. */
const OTHER = 2_000;

/** A daemon of a user of its own, so that two may use its socket. */
async function board(t: TestContext, under: readonly string[] = []): Promise<Bench> {
  const bench = Bench.idle(t, { uid: OTHER });
  for (const name of ['', 'etc', 'etc/passwd', 'etc/group', 'etc/config.toml', 'clock'])
    chownSync(bench.file(name), OTHER, OTHER);
  assert.equal((await bench.launch(under)).code, null);
  return bench;
}

/** Floods as user `uid`; resolves when all its connections were made once. @returns what ends it, and tells what it saw */
async function flooding(t: TestContext, bench: Bench, uid: number, what: Flood, size: number) {
  const words = [bench.file('run', 'login.sock'), what, String(size), 'bob', String(A_MINUTE)];
  const child = spawn(process.execPath, [join(import.meta.dirname, 'flooder.ts'), ...words], {
    uid,
    gid: uid,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  return async () => {
    const line = once(lines, 'line');
    child.stdin.end();
    const seen: { connects: number; drops: number; replies: number } = JSON.parse((await line)[0]);
    await once(child, 'close');
    return seen;
  };
}

/** Memory of the daemon's own that is in use now, in MiB. */
function anonymous(bench: Bench): number {
  const text = readFileSync(`/proc/${bench.pid}/smaps_rollup`, 'utf8');
  return Number(/^Anonymous: +(\d+)/m.exec(text)?.[1]) / 1024;
}

/** Logins one after the other, each on two new connections. Every one has to come in. */
async function logins(bench: Bench, alice: Phone): Promise<string> {
  const took: number[] = [];
  for (let i = 0; i < LOGINS; i++) {
    const began = performance.now();
    says(await bench.tries('alice', alice.code(bench.now)), 200);
    took.push(performance.now() - began);
    bench.pass(30);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => (took[Math.min(LOGINS - 1, Math.floor(LOGINS * share))] ?? 0).toFixed(1);
  return `login p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; ${anonymous(bench).toFixed(0)} MiB`;
}

test('whoever floods the login socket, and how: every login of somebody else comes in', {
  skip,
}, async (t) => {
  const bench = await board(t);
  const alice = await bench.enrolled('alice');
  await bench.enrolled('bob');
  t.diagnostic(`no flood: ${await logins(bench, alice)}`);
  const floods: readonly [uid: number, what: Flood, size: number][] = [
    [0, 'idle', CROWD],
    [OTHER, 'idle', CROWD],
    [OTHER, 'half', CROWD],
    [0, 'half', 40],
    [OTHER, 'slow', CROWD],
    [OTHER, 'answers', 32],
  ];
  for (const [uid, what, size] of floods) {
    const end = await flooding(t, bench, uid, what, size);
    const found = await logins(bench, alice);
    const seen = await end();
    t.diagnostic(
      `${size} × ${what}, ${uid === 0 ? 'as the login' : 'as another'}: ${found}; ${JSON.stringify(seen)}`,
    );
    assert.ok(seen.connects >= size);
  }
});

test('where no descriptor is left, connections are closed, and the daemon is there again', {
  skip: skip || lacking('prlimit'),
}, async (t) => {
  const bench = await board(t, ['prlimit', '--nofile=60:60']);
  const alice = await bench.enrolled('alice');
  const crowd = Array.from({ length: 60 }, () => connect(bench.file('run', 'login.sock')));
  t.after(() => {
    for (const one of crowd) one.destroy();
  });
  const closed = crowd.map((one) => once(one.on('error', () => {}).resume(), 'close'));
  await Promise.race(closed);
  for (const one of crowd) one.destroy();
  await Promise.all(closed);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
  assert.deepEqual(await bench.troubles(), []);
});
