// Owns the tests of bodies: their type, encoding, shape and size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem } from './assert.ts';
import { ask, post, serve } from './bench.ts';
import { handlers, probe } from './probe.ts';
import { wire } from './wire.ts';

test('a body has to say that it is JSON, plainly', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const body = '{"text":"a"}';
  const send = (headers: Record<string, string>) => ask(path, { path: '/v1/echo', body, headers });
  for (const type of [
    'text/plain',
    '',
    'application/jsonx',
    'application/json; charset=latin1',
    'text/json',
  ]) {
    assertProblem(await send({ 'Content-Type': type }), 415, 'unsupported-media-type');
  }
  assertProblem(await send({ 'Content-Encoding': 'gzip' }), 415, 'unsupported-media-type');
  for (const type of [
    'application/json',
    'Application/JSON; charset="UTF-8"',
    'application/json;charset=utf-8',
  ]) {
    assert.equal((await send({ 'Content-Type': type })).status, 200, type);
  }
  assertProblem(await ask(path, { method: 'POST', path: '/v1/echo' }), 415, 'unsupported-media-type');
});

test('what is not JSON in UTF-8 is told so, and not quoted', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const bodies = [
    '', '{', '{"text":"123456"', "{'text':'123456'}", '{"text":"123456",}', 'NaN', '\uFEFF{"text":"123456"}',
    Buffer.from('{"text":"123456\xFF"}', 'latin1'), Buffer.from([0x22, 0xED, 0xA0, 0x80, 0x22]),
    '{"text":"123456\\ud800"}', '{"\\udfff":"123456"}', '['.repeat(16_000), 'a'.repeat(16_000),
  ]; // biome-ignore format: a list
  for (const body of bodies) {
    const answer = await ask(path, { path: '/v1/echo', body });
    assertProblem(answer, 400, 'malformed-json');
    assert.doesNotMatch(answer.text, /123456/);
  }
  assert.equal((await ask(path, { path: '/v1/echo', body: '{"text":"\\ud83d\\ude00"}' })).json.text, '😀');
  assert.doesNotMatch(JSON.stringify(log.lines), /123456/);
});

test('a wrong shape is explained by place and rule, never by what was received', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const cases: [unknown, RegExp][] = [
    [{}, /"text" in the body is required/],
    [{ text: 654321 }, /"text" in the body must be string/],
    [{ text: 'SECRET654321'.repeat(9) }, /"text" in the body must be <=20/],
    [{ text: 'SECRET\u0000' }, /"text" in the body must not contain control/],
    [{ text: 'a', kind: 'SECRET' }, /"kind" in the body must be \("one" \| "two"\)/],
    [{ text: 'a', inner: { code: 'SECRET' } }, /"inner.code" in the body must be \/\^\[0-9\]\{6\}\$\//],
    [
      { text: 'a', inner: { code: '123123', SECRET: 1 } },
      /"inner" in the body has a field that is not known/,
    ],
    [{ text: 'a', list: [{ size: 1 }, { size: 'SECRET' }] }, /"list.1.size" in the body must be number/],
    [{ text: 'a', free: { SECRET: 'SECRET' } }, /"free.\*" in the body must be number/],
    ['SECRET', /the body must be Object/],
    [null, /the body must be Object/],
    [['SECRET'], /the body must be|"text" in the body is required/],
    [{ SECRET654321: 'SECRET' }, /"text" in the body is required/],
  ];
  for (const [body, expected] of cases) {
    const answer = await post(path, '/v1/echo', body);
    assertProblem(answer, 400, 'malformed-request');
    assert.match(answer.json.detail, expected);
    assert.doesNotMatch(answer.text, /SECRET|654321/);
  }
  const raw = '{"__proto__":{"text":"x"},"constructor":{"prototype":{"text":"x"}}}';
  assertProblem(await ask(path, { path: '/v1/echo', body: raw }), 400, 'malformed-request');
  assert.equal(({} as { text?: string }).text, undefined);
  assert.doesNotMatch(JSON.stringify(log.lines), /SECRET|654321/);
});

test('a body has at most 16 KiB, announced or not', async (t) => {
  const { path } = await serve(t, probe, handlers);
  const fits = JSON.stringify({ text: 'a', pad: '' });
  const most = JSON.stringify({ text: 'a', pad: 'x'.repeat(16 * 1024 - fits.length) });
  assert.equal(Buffer.byteLength(most), 16 * 1024);
  const chunked = { 'Transfer-Encoding': 'chunked' };
  assert.equal((await ask(path, { path: '/v1/echo', body: most })).status, 200);
  assert.equal((await ask(path, { path: '/v1/echo', body: most, headers: chunked })).status, 200);
  assertProblem(await ask(path, { path: '/v1/echo', body: `${most} ` }), 413, 'body-too-large');
  assertProblem(
    await ask(path, { path: '/v1/echo', body: `${most} `, headers: chunked }),
    413,
    'body-too-large',
  );
  const bare = await wire(t, path);
  bare.send(
    'POST /v1/echo HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n',
  );
  await bare.closed;
  assert.match(bare.received, /^HTTP\/1\.1 413 .*Connection: close.*body-too-large/is);
});

test('an operation without a body refuses one, and what is left of it is not taken for a request', async (t) => {
  const { path, log } = await serve(t, probe, handlers);
  const inner = 'POST /v1/hold HTTP/1.1\r\n\r\n';
  const bare = await wire(t, path);
  bare.send(`GET /v1/ping HTTP/1.1\r\nContent-Length: ${inner.length + 9}\r\n\r\n${inner}`);
  await bare.closed;
  assert.match(bare.received, /^HTTP\/1\.1 400 /);
  assert.deepEqual(await bare.responses(1), ['400']);
  await log.until(() => log.requests().length === 1);
  assert.equal((await ask(path, { path: '/v1/ping', headers: { 'Content-Length': '0' } })).status, 204);
});
