// Owns the tests of what is sent on a connection: sizes, framing, one request after another.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import { ask, serve } from './bench.ts';
import { handlers, holding, probe } from './probe.ts';
import { wire } from './wire.ts';

const PING = 'GET /v1/ping HTTP/1.1\r\n\r\n';
const HOLD = 'POST /v1/hold HTTP/1.1\r\n\r\n';

test('headers have at most 8 KiB', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const fits = await ask(path, { path: '/v1/ping', headers: { 'X-Pad': 'x'.repeat(7 * 1024) } });
  assert.equal(fits.status, 204);
  const large = await wire(t, path);
  await large.send(`GET /v1/ping HTTP/1.1\r\nX-Pad: ${'x'.repeat(9 * 1024)}\r\n\r\n`).closed;
  assert.match(large.received, /^HTTP\/1\.1 431 .*"code":"headers-too-large"/s);
  const url = await wire(t, path);
  await url.send(`GET /${'x'.repeat(9 * 1024)} HTTP/1.1\r\n\r\n`).closed;
  assert.match(url.received, /^HTTP\/1\.1 431 /);
  assert.deepEqual(
    log.drops().map((line) => line.reason),
    ['too-large', 'too-large'],
  );
});

test('256 KiB without the end of a line are neither stored nor waited for', async (t) => {
  const { path, log } = await serve(t, probe, handlers, { limits: { requestMs: 60_000 } });
  for (const start of ['', 'GET /', 'GET /v1/ping HTTP/1.1\r\nX: ']) {
    const endless = await wire(t, path);
    await endless.send(start + 'A'.repeat(256 * 1024)).closed;
    assert.match(endless.received, /^HTTP\/1\.1 4(00|31) |^$/);
  }
  assert.equal(log.requests().length, 0);
  const empty = await wire(t, path);
  await empty.send('\r\n'.repeat(128 * 1024)).closed;
  assert.equal(log.drops().at(-1)?.reason, 'too-large');
  const framing = await wire(t, path);
  framing.send(
    'POST /v1/echo HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  await framing.send('1\r\n \r\n'.repeat(50_000)).closed;
  assert.match(framing.received, /^HTTP\/1\.1 413 |^$/);
});

test('what is not HTTP hears so, and two lengths are not a way in', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const lies = [
    'hello\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'POST /v1/echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    'POST /v1/echo HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /v1/echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
    'GET /v1/ping HTTP/1.1\r\nX: a\n\r\n\0\r\n\r\n',
  ];
  for (const lie of lies) {
    const liar = await wire(t, path);
    await liar.send(lie).closed;
    assert.match(liar.received, /^HTTP\/1\.1 400 .*"code":"malformed-request"/s, lie);
  }
  assert.equal(log.drops().length, lies.length);
  assert.ok(log.drops().every((line) => line.reason === 'malformed'));
});

test('pipelined requests are answered in order, a flood of them is not', async (t) => {
  const { handlers: slow, release, held } = holding();
  const { path, log } = await serve(t, probe, slow, { limits: { pipelined: 4 } });
  const eager = await wire(t, path);
  eager.send(`${HOLD}${PING}GET /x HTTP/1.1\r\n\r\n${PING}`);
  await held(1);
  assert.equal(eager.received, '');
  release();
  assert.deepEqual(await eager.responses(4), ['202', '204', '404', '204']);
  const flood = await wire(t, path);
  await flood.send(PING.repeat(200)).closed;
  assert.equal(log.drops().at(-1)?.reason, 'too-many-requests');
});

test('one connection serves many requests', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  for (let index = 0; index < 20; index += 1) {
    const asking = request({ socketPath: path, path: '/v1/ping', agent }).end();
    const [response] = await once(asking, 'response');
    assert.equal(response.resume().statusCode, 204);
    await once(response, 'end');
    assert.equal(asking.reusedSocket, index > 0);
  }
  assert.equal(log.drops().length, 0);
});
