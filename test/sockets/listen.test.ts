// Owns the tests of making a socket file, taking an old one's place, and closing.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Fault, type FaultCode } from '../../daemon/kernel/fault.ts';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { createApp } from '../../daemon/sockets/app.ts';
import { type Listening, listen } from '../../daemon/sockets/listen.ts';
import { peerRule } from '../../daemon/sockets/peers.ts';
import { ask, folder, Log, serve } from './bench.ts';
import { handlers, holding, probe } from './probe.ts';
import { needsRoot } from './visit.ts';
import { wire } from './wire.ts';

const HOLD = 'POST /v1/hold HTTP/1.1\r\n\r\n';

async function serveAt(t: TestContext, path: string, mode = 0o600, gid?: number): Promise<Listening> {
  const log = new Log().sink;
  const admits = peerRule({ uids: [process.getuid?.() ?? 0], gids: [] });
  const app = createApp({ name: 'web.sock', contract: probe, handlers, admits, log, elapsed });
  const where = { path, mode, ...(gid !== undefined && { gid }) };
  const listening = await listen({ name: 'web.sock', app, where, log });
  t.after(() => listening.close(0));
  return listening;
}

const fault = (code: FaultCode) => (error: unknown) =>
  error instanceof Fault && error.code === code && error.hint.length > 0;

/** The socket file of a process that died without a word. */
async function leftBehind(path: string): Promise<void> {
  const server = createServer().listen(`${path}.made`);
  await once(server, 'listening');
  await rename(`${path}.made`, path);
  server.close();
  await once(server, 'close');
}

test('the folder is made, and the file has its mode whatever the umask', async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const base = await folder(t);
  const path = join(base, 'run', 'fygo-2fa', 'web.sock');
  await serveAt(t, path, 0o620);
  assert.equal(statSync(path).mode & 0o7777, 0o620);
  assert.ok(statSync(path).isSocket());
  assert.equal(statSync(join(base, 'run', 'fygo-2fa')).mode & 0o7777, 0o755);
  assert.deepEqual(await readdir(join(base, 'run', 'fygo-2fa')), ['web.sock']);
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
});

/** Looks at a folder again and again, in a thread of its own, and notes how open what is in it was. */
const LOOKOUT = `
  const { readdirSync, statSync } = require('node:fs');
  const { parentPort, workerData: { base, stop } } = require('node:worker_threads');
  const seen = new Set();
  parentPort.postMessage('looking');
  while (Atomics.load(stop, 0) === 0) {
    for (const name of readdirSync(base)) {
      const found = statSync(base + '/' + name, { throwIfNoEntry: false });
      if (found) seen.add(found.mode & 0o077);
    }
  }
  parentPort.postMessage([...seen]);
`;

test('it is never open wider, not for a moment', async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const base = await folder(t);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const lookout = new Worker(LOOKOUT, { eval: true, workerData: { base, stop } });
  await once(lookout, 'message');
  for (let round = 0; round < 20; round += 1) await serveAt(t, join(base, `${round}.sock`), 0o600);
  Atomics.store(stop, 0, 1);
  const [seen] = await once(lookout, 'message');
  assert.deepEqual(seen, [0]);
});

test('the group is set when one is given', { skip: needsRoot }, async (t) => {
  const path = join(await folder(t), 'web.sock');
  await serveAt(t, path, 0o660, 4_242);
  assert.deepEqual([statSync(path).uid, statSync(path).gid, statSync(path).mode & 0o777], [0, 4_242, 0o660]);
});

test('a file that nobody answers on is replaced', async (t) => {
  const path = join(await folder(t), 'web.sock');
  await leftBehind(path);
  await serveAt(t, path);
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
});

test('a daemon that answers is left in its place', async (t) => {
  const path = join(await folder(t), 'web.sock');
  await serveAt(t, path);
  await assert.rejects(serveAt(t, path), fault('already-running'));
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
  assert.deepEqual(await readdir(join(path, '..')), ['web.sock']);
});

test('what is no socket is not removed', async (t) => {
  const base = await folder(t);
  await writeFile(join(base, 'a.sock'), 'precious');
  await mkdir(join(base, 'b.sock'));
  await symlink('/etc/passwd', join(base, 'c.sock'));
  for (const name of ['a.sock', 'b.sock', 'c.sock']) {
    await assert.rejects(serveAt(t, join(base, name)), fault('config-invalid'));
  }
  assert.deepEqual((await readdir(base)).sort(), ['a.sock', 'b.sock', 'c.sock']);
});

test('a path has at most 107 bytes, and where it cannot be made is said', async (t) => {
  const base = await folder(t);
  const withLength = (length: number) =>
    join(base, 'x'.repeat(length - base.length - '//login.sock'.length), 'login.sock');
  const deep = withLength(108);
  await assert.rejects(serveAt(t, deep), fault('config-invalid'));
  await writeFile(join(base, 'file'), '');
  await assert.rejects(serveAt(t, join(base, 'file', 'web.sock')), fault('config-invalid'));
  const fits = withLength(107);
  assert.equal(Buffer.byteLength(fits), 107);
  await serveAt(t, fits);
  assert.equal((await ask(fits, { path: '/v1/ping' })).status, 204);
});

test('what failed half-way does not go on listening', async (t) => {
  const base = await folder(t);
  const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeServerWrap').length;
  const before = servers();
  await assert.rejects(serveAt(t, join(base, 'web.sock'), 0o600, -5), fault('config-invalid'));
  assert.equal(servers(), before);
  assert.deepEqual(await readdir(base), []);
});

test('closing lets a request that is being answered end, and nothing new in', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, listening } = await serve(t, probe, slow);
  const [idle, silent, busy] = [await wire(t, path), await wire(t, path), await wire(t, path)];
  await idle.send('GET /v1/ping HTTP/1.1\r\n\r\n').responses(1);
  busy.send(HOLD);
  await held(1);
  const closing = listening.close(60_000);
  await Promise.all([idle.closed, silent.closed]);
  await assert.rejects(ask(path, { path: '/v1/ping' }), /ENOENT|ECONNREFUSED/);
  release();
  assert.deepEqual(await busy.responses(1), ['202']);
  await busy.closed;
  await closing;
  assert.ok(!existsSync(path));
});

test('closing waits for who has just connected, or is just asking, and answers him', async (t) => {
  const { path, listening } = await serve(t, probe, handlers);
  const [fresh, halfway, kept] = [await wire(t, path), await wire(t, path), await wire(t, path)];
  halfway.send('GET /v1/ping HT');
  // Connections are accepted in their order: once this one is answered, all are.
  await kept.send('GET /v1/ping HTTP/1.1\r\n\r\n').responses(1);
  const closing = listening.close(60_000);
  await kept.closed;
  fresh.send('GET /v1/ping HTTP/1.1\r\n\r\n');
  halfway.send('TP/1.1\r\n\r\n');
  await Promise.all([fresh.closed, halfway.closed]);
  for (const { received } of [fresh, halfway]) assert.match(received, /^HTTP\/1\.1 204 /);
  await closing;
});

test('closing waits for nobody longer than it was told', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, listening } = await serve(t, probe, slow);
  const busy = await wire(t, path);
  busy.send(HOLD);
  await held(1);
  await listening.close(20);
  await busy.closed;
  assert.equal(busy.received, '');
  release();
});

test('closing leaves a file alone that has taken the place of its own', async (t) => {
  const path = join(await folder(t), 'web.sock');
  const first = await serveAt(t, path);
  await rename(path, `${path}.old`);
  await serveAt(t, path);
  await first.close(0);
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
});

test('nothing keeps the process alive after closing', async (t) => {
  const path = join(await folder(t), 'web.sock');
  const child = fork(join(import.meta.dirname, 'brief.ts'), [path]);
  t.after(() => child.kill('SIGKILL'));
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
