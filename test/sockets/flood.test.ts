// Owns the tests of a full house: who is served, who gives way, who is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, serve } from './bench.ts';
import { handlers, holding, probe } from './probe.ts';
import { crowd, NOBODY, needsRoot, visit } from './visit.ts';
import { wire } from './wire.ts';

const PING = 'GET /v1/ping HTTP/1.1\r\n\r\n';
const HOLD = 'POST /v1/hold HTTP/1.1\r\n\r\n';
const PIPELINE = 1_001;
const everybody = () => true;

test('connections that say nothing take no place, and the newest of them may still speak', async (t) => {
  const limits = { requestMs: 60_000, waiting: 128 };
  const { path, log } = await serve(t, probe, handlers, { limits });
  const flood = await Promise.all(Array.from({ length: 200 }, () => wire(t, path)));
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
  await Promise.all(flood.slice(0, 73).map((one) => one.closed));
  assert.equal(log.drops().filter((line) => line.reason === 'evicted').length, 73);
  for (const one of flood.slice(73)) assert.deepEqual(await one.send(PING).responses(1), ['204']);
  assert.equal(log.drops().length, 73 + 127 - 64);
});

test('a full house of half requests of his own shuts nobody out', async (t) => {
  const limits = { connections: 8, requestMs: 60_000 };
  const { path, log } = await serve(t, probe, handlers, { limits });
  const halves = await Promise.all(Array.from({ length: 8 }, () => wire(t, path)));
  for (const half of halves) await half.send('GET /v1/ping HTTP/1.1\r\nX-Slow: ').connected();
  for (let i = 0; i < 3; i++) assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
  assert.ok(log.drops().every(({ reason }) => reason === 'evicted'));
});

test('who finds every place at work waits for one, and is heard', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, log } = await serve(t, probe, slow, { limits: { connections: 2, requestMs: 60_000 } });
  const busy = [await wire(t, path), await wire(t, path)];
  for (const one of busy) one.send(HOLD);
  await held(2);
  const late = await wire(t, path);
  late.send(PING);
  const later = await wire(t, path);
  later.send('GET /v1/ping HTTP/1.1\r\nConnection: close\r\n');
  const silent = await wire(t, path);
  release();
  assert.deepEqual(await late.responses(1), ['204']);
  later.send('\r\n');
  assert.deepEqual(await later.responses(1), ['204']);
  assert.deepEqual(await silent.send(PING).responses(1), ['204']);
  assert.ok(log.drops().every(({ reason }) => reason === 'evicted'));
});

test('who leaves while waiting for a place leaves nothing behind', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, listening } = await serve(t, probe, slow, { limits: { connections: 1, requestMs: 60_000 } });
  const busy = await wire(t, path);
  busy.send(HOLD);
  await held(1);
  const waiting = await wire(t, path);
  waiting.send(PING);
  waiting.socket.destroy();
  await waiting.closed;
  release();
  assert.deepEqual(await busy.responses(1), ['202']);
  assert.equal((await ask(path, { path: '/v1/ping', headers: { Connection: 'close' } })).status, 204);
  busy.socket.destroy();
  await listening.close(60_000);
});

test("another user's flood of slow requests does not shut the login pipeline out", {
  skip: needsRoot,
}, async (t) => {
  const limits = { connections: 8, requestMs: 60_000 };
  const { path, log } = await serve(t, probe, handlers, { admits: everybody, limits });
  await crowd(t, path, NOBODY, 12, 'GET /v1/ping HTTP/1.1\r\nX-Slow: ');
  for (let i = 0; i < 3; i++) assert.equal(await visit(t, path, { uid: PIPELINE }), 'answer 204');
  assert.ok(log.drops().every(({ uid, reason }) => uid === NOBODY && reason === 'evicted'));
});

test('of a user who holds more than half even a request at work gives way', {
  skip: needsRoot,
}, async (t) => {
  const { handlers: slow, release, held } = holding();
  const limits = { connections: 4, requestMs: 300 };
  const { path, log } = await serve(t, probe, slow, { admits: everybody, limits });
  const hogClosed = await crowd(t, path, NOBODY, 4, HOLD);
  await held(4);
  assert.equal(await visit(t, path, { uid: NOBODY }), 'answer 503');
  assert.equal(log.drops().at(-1)?.reason, 'refused');
  assert.equal(await visit(t, path, { uid: PIPELINE }), 'answer 204');
  await hogClosed(1);
  assert.equal(log.drops().at(-1)?.reason, 'evicted');
  release();
});

test('a stranger, who would hear 403, displaces nobody', { skip: needsRoot }, async (t) => {
  const { path, log } = await serve(t, probe, handlers, {
    admits: (peer) => peer.uid === 0,
    limits: { connections: 2 },
  });
  const mine = [await wire(t, path), await wire(t, path)];
  for (const one of mine) assert.deepEqual(await one.send(PING).responses(1), ['204']);
  assert.match(await visit(t, path, { uid: NOBODY }), /^error /);
  assert.deepEqual(
    log.drops().map((line) => [line.reason, line.uid]),
    [['refused', NOBODY]],
  );
  for (const one of mine) assert.deepEqual(await one.send(PING).responses(2), ['204', '204']);
});
