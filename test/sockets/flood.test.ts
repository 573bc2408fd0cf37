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

test('idle connections give way, so that a flood of them shuts nobody out', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60_000 } });
  const flood = await Promise.all(Array.from({ length: 200 }, () => wire(t, path)));
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
  await Promise.all(flood.slice(0, 137).map((one) => one.closed));
  assert.equal(log.drops().filter((line) => line.reason === 'evicted').length, 137);
  assert.equal((await flood.at(-1)?.send(PING).responses(1))?.[0], '204');
});

test("another user's flood of slow requests does not shut the login pipeline out", {
  skip: needsRoot,
}, async (t) => {
  const limits = { connections: 8, requestMs: 60_000 };
  const { path, log } = await serve(t, probe, handlers, { admits: everybody, limits });
  const floodClosed = await crowd(t, path, NOBODY, 12, 'GET /v1/ping HTTP/1.1\r\nX-Slow: ');
  // Which of its own it loses depends on which of them have sent a byte when the next one comes.
  await log.until(() => log.drops().length === 4);
  assert.equal(await visit(t, path, { uid: PIPELINE }), 'answer 204');
  await floodClosed(5);
  assert.equal(log.drops().length, 5);
  assert.ok(log.drops().every((line) => line.uid === NOBODY));
  assert.equal(log.drops().at(-1)?.reason, 'evicted');
});

test('of a user who holds more than half even a request at work gives way', {
  skip: needsRoot,
}, async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, log } = await serve(t, probe, slow, { admits: everybody, limits: { connections: 4 } });
  const hogClosed = await crowd(t, path, NOBODY, 4, HOLD);
  await held(4);
  assert.match(await visit(t, path, { uid: NOBODY }), /^error /);
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
  assert.match(await visit(t, path, { uid: NOBODY }), /^error /);
  assert.deepEqual(
    log.drops().map((line) => [line.reason, line.uid]),
    [['refused', NOBODY]],
  );
  for (const one of mine) assert.deepEqual(await one.send(PING).responses(1), ['204']);
});
