// Owns the tests of how long a connection and a request may take, over real connections.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ask, serve } from './bench.ts';
import { handlers, holding, probe } from './probe.ts';
import { wire } from './wire.ts';

const PING = 'GET /v1/ping HTTP/1.1\r\n\r\n';
const HOLD = 'POST /v1/hold HTTP/1.1\r\n\r\n';

/** Whatever `what` waits for took no less than `ms` by the monotonic clock. */
async function notBefore(ms: number, what: Promise<unknown>): Promise<void> {
  const began = performance.now();
  await what;
  const took = performance.now() - began;
  assert.ok(took >= ms - 2, `after ${took} ms`);
}

test('headers that are not complete in time are told so and hung up on', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60 } });
  const slow = await wire(t, path);
  await notBefore(50, slow.send('GET /v1/ping HTTP/1.1\r\nX-Slow: x').closed);
  assert.match(slow.received, /^HTTP\/1\.1 408 .*Connection: close.*"code":"request-too-slow"/s);
  assert.deepEqual(
    log.drops().map(({ reason, uid, pid }) => ({ reason, uid, pid })),
    [{ reason: 'too-slow', uid: process.getuid?.(), pid: process.pid }],
  );
});

test('bytes that drip in do not lengthen the time, in headers or in a body', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60 } });
  const starts = [
    'GET /v1/ping HTTP/1.1\r\nX-Slow: ',
    'POST /v1/echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"',
  ];
  for (const start of starts) {
    const slow = await wire(t, path);
    slow.send(start);
    const drip = setInterval(() => slow.send('x'), 5);
    t.after(() => clearInterval(drip));
    await slow.closed;
    clearInterval(drip);
  }
  assert.deepEqual(
    log.drops().map((line) => line.reason),
    ['too-slow', 'too-slow'],
  );
});

test('a body that is not complete in time is told so, and its operation never runs', async (t) => {
  let ran = false;
  const { path, log } = await serve(
    t,
    probe,
    {
      ...handlers,
      echo: ({ body }) => {
        ran = true;
        return { status: 200, body: { text: body.text } };
      },
    },
    { limits: { requestMs: 60 } },
  );
  const slow = await wire(t, path);
  slow.send(
    'POST /v1/echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"text":"',
  );
  await slow.closed;
  assert.match(slow.received, /^HTTP\/1\.1 408 /);
  await log.until(() => log.requests().length === 1);
  assert.equal(log.requests()[0]?.status, 0);
  assert.equal(ran, false);
});

test('a connection that never says anything is closed without a word', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 40, idleMs: 60_000 } });
  const silent = await wire(t, path);
  await notBefore(30, silent.closed);
  assert.equal(silent.received, '');
  assert.equal(log.lines.length, 0);
});

test('a later request has as long as the first one, from its first byte', async (t) => {
  const { path } = await serve(t, probe, handlers, { limits: { requestMs: 60, idleMs: 60_000 } });
  const kept = await wire(t, path);
  await kept.send(PING).responses(1);
  await kept.send(PING).responses(2);
  await notBefore(50, kept.send('GET').closed);
  assert.match(kept.received, /HTTP\/1\.1 408 /);
});

test('a later request that drips in behind a whole one is not given more time byte by byte', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60, idleMs: 60_000 } });
  const kept = await wire(t, path);
  await kept.send(`${PING}GET /v1/pi`).responses(1);
  const drip = setInterval(() => kept.send('x'), 5);
  t.after(() => clearInterval(drip));
  await kept.closed;
  assert.equal(log.drops()[0]?.reason, 'too-slow');
});

test('a kept connection closes by itself when it is idle for long', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60_000, idleMs: 40 } });
  const kept = await wire(t, path);
  await kept.send(PING).responses(1);
  await notBefore(30, kept.closed);
  assert.equal(log.drops().length, 0);
});

test('an answer may take longer than a request, but not for ever', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, log } = await serve(t, probe, slow, { limits: { requestMs: 20, answerMs: 10_000 } });
  const waiting = await wire(t, path);
  waiting.send(HOLD);
  await held(1);
  const other = await wire(t, path);
  await other.closed;
  release();
  assert.deepEqual(await waiting.responses(1), ['202']);
  const stuck = holding();
  const second = await serve(t, probe, stuck.handlers, { limits: { requestMs: 10, answerMs: 30 } });
  const never = await wire(t, second.path);
  await never.send(HOLD).closed;
  assert.equal(second.log.drops()[0]?.reason, 'not-taken');
  assert.equal(log.drops().length, 0);
  stuck.release();
});

test('a request that came while the loop was blocked is not held to be late', async (t) => {
  const { path } = await serve(t, probe, handlers, { limits: { requestMs: 50 } });
  const patient = await wire(t, path);
  patient.send('GET /v1/ping HTTP/1.1\r\n');
  await ask(path, { path: '/v1/ping' });
  // Another process completes the request while this one, as in a slow flush, does nothing else.
  patient.send('\r\n');
  spawnSync('sleep', ['0.12']);
  assert.deepEqual(await patient.responses(1), ['204']);
});

test('without connections there is no timer', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const client = await wire(t, path);
  await client.send(PING).responses(1);
  assert.ok(timers() > before, 'the kept connection has one');
  client.socket.destroy();
  await client.closed;
  await ask(path, { path: '/v1/ping', headers: { Connection: 'close' } });
  assert.equal(timers(), before);
});
