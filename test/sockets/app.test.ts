// Owns the tests of a socket's application: routes, headers, faults and the log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { assertGuarded, assertProblem } from './assert.ts';
import { ask, post, serve } from './bench.ts';
import { handlers, probe } from './probe.ts';
import { wire } from './wire.ts';

test('an operation answers with its document, or with none', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const echo = await post(path, '/v1/echo', { text: 'hällo', unknown: 1 });
  assert.deepEqual([echo.status, echo.json], [200, { text: 'hällo' }]);
  assert.equal(echo.headers['content-type'], 'application/json');
  assertGuarded(echo);
  const ping = await ask(path, { path: '/v1/ping' });
  assert.deepEqual([ping.status, ping.text], [204, '']);
  assertGuarded(ping);
  const reset = await ask(path, { method: 'POST', path: '/v1/users/al%C3%AFce/reset' });
  assert.deepEqual([reset.status, reset.text, reset.headers['content-length']], [202, '', '0']);
  assertGuarded(reset);
});

test('a handler sees decoded names, the query and If-Match, and may set a header', async (t) => {
  const { path } = await serve(t, probe, handlers);
  assert.deepEqual((await ask(path, { path: '/v1/users/DOM%5Calice' })).json, { name: 'DOM\\alice' });
  assert.deepEqual((await ask(path, { path: '/v1/search?q=a%20b' })).json, { q: 'a b' });
  const change = await ask(path, { method: 'PUT', path: '/v1/search', headers: { 'If-Match': '"1"' } });
  assert.deepEqual([change.json, change.headers.etag], [{ ifMatch: '"1"' }, '"2"']);
});

test('only the path to the letter is an operation', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const paths = [
    '/', '/v1', '/v1/ping/', '//v1/ping', '/v1/./ping', '/v1/x/../ping', '/v1/%70ing', '/V1/ping', '/v1/ping%00',
    '/v1/ping#x', '/v1/ping;a', '/v1/users/', '/v1/users/{name}/', '/v1/users/a/b', 'http://nas/v1/ping', '*',
    '/v1/__proto__', '/constructor', '/v1/users//reset', '/v1/ping%3Fq',
  ]; // biome-ignore format: a list
  for (const one of paths) {
    const bare = await wire(t, path);
    const [status] = await bare.send(`GET ${one} HTTP/1.1\r\nConnection: close\r\n\r\n`).responses(1);
    assert.equal(status, '404', one);
  }
  assertProblem(await ask(path, { path: '/nothing' }), 404, 'not-found');
  await log.until(() => log.requests().length === paths.length + 1);
  assert.ok(log.requests().every((line) => line.operation === 'unknown' && line.code === 'not-found'));
});

test('tricks with escapes in a name do not get past its shape', async (t) => {
  const { path } = await serve(t, probe, handlers);
  for (const name of ['a%2Fb', '%00', '%0A', '%20', '%E2%80%AE', '-rf', '%3A', 'a'.repeat(257)]) {
    assertProblem(await ask(path, { path: `/v1/users/${name}` }), 400, 'malformed-request');
  }
  for (const name of ['%', '%zz', '%C3%28', '%ED%A0%80', '%FF']) {
    assertProblem(await ask(path, { path: `/v1/users/${name}` }), 400, 'malformed-request');
  }
  assert.deepEqual((await ask(path, { path: '/v1/users/%2561' })).json, { name: '%61' });
  assert.deepEqual((await ask(path, { path: '/v1/users/__proto__' })).json, { name: '__proto__' });
  assert.deepEqual((await ask(path, { path: '/v1/users/{name}' })).json, { name: '{name}' });
});

test('another method of a path hears which ones it takes; HEAD and OPTIONS are no exception', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const answer = await ask(path, { method: 'DELETE', path: '/v1/search' });
  assertProblem(answer, 405, 'method-not-allowed');
  assert.equal(answer.headers.allow, 'GET, PUT');
  for (const method of ['HEAD', 'OPTIONS', 'PATCH', 'TRACE']) {
    const other = await ask(path, { method, path: '/v1/ping' });
    assert.deepEqual([other.status, other.headers.allow], [405, 'GET'], method);
  }
});

test('a query where none is taken, or a field of it twice, is refused', async (t) => {
  const { path } = await serve(t, probe, handlers);
  assertProblem(await ask(path, { path: '/v1/ping?token=SECRET' }), 400, 'malformed-request');
  assertProblem(await ask(path, { path: '/v1/search?q=a&q=b' }), 400, 'malformed-request');
  assert.deepEqual((await ask(path, { path: '/v1/search?__proto__=x' })).json, { q: null });
});

test('Upgrade is ignored, CONNECT is hung up on, Expect is met or ignored', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
  assert.equal((await ask(path, { path: '/v1/ping', headers: upgrade })).status, 204);
  const tunnel = await wire(t, path);
  await tunnel.send('CONNECT nas:22 HTTP/1.1\r\n\r\n').closed;
  assert.equal(tunnel.received, '');
  const body = '{"text":"a"}';
  const head = `POST /v1/echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  const patient = await wire(t, path);
  assert.deepEqual(await patient.send(`${head}Expect: 100-continue\r\n\r\n`).responses(1), ['100']);
  assert.deepEqual(await patient.send(body).responses(2), ['100', '200']);
  const odd = await wire(t, path);
  assert.deepEqual(await odd.send(`${head}Expect: miracles\r\n\r\n${body}`).responses(1), ['200']);
});

test('a wait carries Retry-After', async (t) => {
  const { path } = await serve(t, probe, {
    ...handlers,
    hold: () => ({ status: 429, body: { retryAfter: 7 } }),
  });
  const answer = await ask(path, { method: 'POST', path: '/v1/hold' });
  assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '7']);
});

test('a fault keeps its words; an unexpected error says one constant sentence and logs no message', async (t) => {
  const thrown = new RangeError('SECRET 654321', { cause: new TypeError('SECRET') });
  const cases: [unknown, number, string][] = [
    [new Fault('unknown-login', 'No such login.', 'Begin again.'), 404, 'unknown-login'],
    [new Fault('store-unavailable', 'Read-only.', 'Look.', thrown), 503, 'store-unavailable'],
    [thrown, 500, 'internal'],
    [new Fault('internal', 'SECRET', 'SECRET'), 500, 'internal'],
    ['SECRET', 500, 'internal'],
    [undefined, 500, 'internal'],
  ];
  for (const [what, status, code] of cases) {
    const { path, log } = await serve(t, probe, {
      ...handlers,
      hold: () => {
        throw what;
      },
    });
    const answer = await ask(path, { method: 'POST', path: '/v1/hold' });
    assertProblem(answer, status, code);
    assert.doesNotMatch(answer.text, /SECRET/);
    assert.doesNotMatch(JSON.stringify(log.lines), /SECRET/);
    if (code === 'internal') assert.equal(log.failures().length, 1);
    if (code === 'unknown-login') assert.equal(answer.json.detail, 'No such login.');
    if (code === 'store-unavailable') assert.match(log.failures()[0]?.stack[0] ?? '', /app\.test\.ts/);
    if (what === thrown) assert.equal(log.failures()[0]?.error, 'RangeError < TypeError');
  }
});

test('a reply outside the contract is an error of the daemon, and half of it is not sent', async (t) => {
  const wrong = [
    { status: 204, body: {} }, { status: 200, body: {}, headers: { 'X-Half': '1' } }, {}, null, 202,
    { status: '202' }, { status: 202, headers: { 'X-Half': '1', 'X-A': 'a\r\nX-B: b' } },
  ]; // biome-ignore format: a list
  for (const given of wrong) {
    const { path } = await serve(t, probe, { ...handlers, hold: () => given as { status: 202 } });
    const answer = await ask(path, { method: 'POST', path: '/v1/hold' });
    assertProblem(answer, 500, 'internal');
    assert.deepEqual([answer.headers['x-half'], answer.headers['x-b']], [undefined, undefined]);
  }
});

test('a request leaves one line, with nothing in it that the sender chose', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  await post(path, '/v1/echo', { text: 'SECRET' });
  await ask(path, { path: '/v1/users/SECRET', headers: { 'X-Secret': 'SECRET' } });
  await ask(path, { path: '/SECRET' });
  await log.until(() => log.requests().length === 3);
  assert.doesNotMatch(JSON.stringify(log.lines), /SECRET/i);
  const [first, , third] = log.requests();
  assert.ok(first && third && first.ms >= 0 && first.ms < 10_000);
  const { ms: _, ...rest } = first;
  assert.deepEqual(rest, {
    kind: 'request',
    socket: 'login.sock',
    operation: 'echo',
    method: 'POST',
    status: 200,
    uid: process.getuid?.(),
    pid: process.pid,
  });
  assert.deepEqual([third.operation, third.status, third.code], ['unknown', 404, 'not-found']);
});
