// Owns the proof that whatever is sent to the door it stays shut, the sender is told why in a code, and the daemon goes on.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { call, says, wordOf } from './client.ts';

const skip = lacking();
const LONG = 'x'.repeat(10 * 1024);

const BODIES: readonly [what: string, body: unknown, status: number, code: string][] = [
  ['no JSON', '{"user": "alice", ', 400, 'malformed-json'],
  ['nothing', '', 400, 'malformed-json'],
  ['no object', '["alice"]', 400, 'malformed-request'],
  ['null', 'null', 400, 'malformed-request'],
  ['no service', { user: 'alice' }, 400, 'malformed-request'],
  ['a number for a name', { user: 1000, service: 'web' }, 400, 'malformed-request'],
  ['an object for a name', { user: { toString: 'alice' }, service: 'web' }, 400, 'malformed-request'],
  ['a uid below zero', { user: 'alice', service: 'web', uid: -1 }, 400, 'malformed-request'],
  ['a uid that is no number', { user: 'alice', service: 'web', uid: '1000' }, 400, 'malformed-request'],
  ['17 KiB', { user: 'alice', service: 'web', more: 'x'.repeat(17 * 1024) }, 413, 'body-too-large'],
  ['half a surrogate pair', '{"user":"al\\ud800ice","service":"web"}', 400, 'malformed-json'],
];

const NAMES: readonly [name: string, status: number, word: string][] = [
  [LONG, 400, 'malformed-request'],
  ['alice\n', 400, 'malformed-request'],
  ['alice\nbob', 400, 'malformed-request'],
  ['-x', 400, 'malformed-request'],
  ['--help', 400, 'malformed-request'],
  ['../x', 400, 'malformed-request'],
  ['ali ce', 403, 'unknown-user'],
  ['alice:x', 400, 'malformed-request'],
  ['alice\u0000', 400, 'malformed-request'],
  ['ali\u200bce', 400, 'malformed-request'],
  ['', 400, 'malformed-request'],
  ['nobody-here', 403, 'unknown-user'],
  ['4711', 403, 'unknown-user'],
  ['99999999999999999999', 403, 'unknown-user'],
  ['Alice', 403, 'unknown-user'],
  ['ALICE', 403, 'unknown-user'],
  ['DOMAIN\\alice', 403, 'unknown-user'],
  ['alice@example.com', 403, 'unknown-user'],
  ['..', 403, 'unknown-user'],
  ['%61lice', 403, 'unknown-user'],
  ["alice'--", 403, 'unknown-user'],
  ['1000', 401, 'challenge'],
];

const CODES: readonly [code: string, status: number, word: string][] = [
  ['', 400, 'malformed-request'],
  ['x'.repeat(129), 400, 'malformed-request'],
  ['12345', 400, 'malformed-code'],
  ['1234567', 400, 'malformed-code'],
  ['12345a', 400, 'malformed-code'],
  ['abcdef', 400, 'malformed-code'],
  ['+12345', 400, 'malformed-code'],
  ['1e5000', 400, 'malformed-code'],
  ['0x1234', 400, 'malformed-code'],
  ['12345６７', 400, 'malformed-code'],
  ['१२३४५६', 400, 'malformed-code'],
  ['123456 123456 123456 123456', 400, 'malformed-code'],
];

test('a body that is not as it should be is a problem with a code', { skip }, async (t) => {
  const bench = await Bench.started(t);
  for (const [what, body, status, code] of BODIES) {
    const reply = await bench.login('begin', body);
    assert.deepEqual([what, reply.status, wordOf(reply)], [what, status, code]);
    assert.match(reply.headers['content-type'] ?? '', /^application\/problem\+json/);
  }
  const socket = bench.file('run', 'login.sock');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  says(await call({ socket, path: '/v1/login/begin', body: 'user=alice', headers: form }), 415);
  says(await call({ socket, path: '/v1/login/../login/begin', body: {} }), 404, { code: 'not-found' });
  says(await call({ socket, method: 'GET', path: '/v1/login/begin' }), 405, { code: 'method-not-allowed' });
  says(await call({ socket, path: '/v1/users/alice/reset', body: {} }), 404, { code: 'not-found' });
  says(await call({ socket, path: '/v1/login/begin', headers: { 'X-Long': LONG }, body: {} }), 431);
  assert.equal(await bench.health(), 204);
});

test('a name that is not one is refused; one that means an enrolled user is challenged', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  for (const [name, status, word] of NAMES) {
    const reply = await bench.begin(name);
    assert.deepEqual([name.slice(0, 40), reply.status, wordOf(reply)], [name.slice(0, 40), status, word]);
  }
  assert.equal(await bench.health(), 204);
});

test('what cannot be a code is refused and not counted; what is one is read kindly', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  const answer = { login, user: 'alice', method: 'totp' };
  for (const [code, status, word] of CODES) {
    const reply = await bench.login('answer', { ...answer, code });
    assert.deepEqual([code.slice(0, 40), reply.status, wordOf(reply)], [code.slice(0, 40), status, word]);
  }
  says(await bench.login('answer', { ...answer, method: 'password', code: '123456' }), 400);
  says(await bench.login('answer', { ...answer, login: 'short', code: '123456' }), 400);
  assert.deepEqual((await bench.user('alice')).failures, { strangers: 0, knownDevices: 0 });

  const spaced = (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `;
  const hyphened = (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`;
  const fullWidth = (code: string) => code.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)));
  for (const written of [spaced, hyphened, fullWidth]) {
    says(await bench.tries('alice', written(phone.code(bench.now))), 200);
    bench.pass(30);
  }
});

test('who sends nothing more is let go after two seconds, in which the idle daemon writes nothing', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const files = ['state.db', 'state.db-wal'].map((name) => bench.file('var', name));
  const seen = () =>
    files.map((file) => statSync(file, { bigint: true })).map(({ mtimeNs, size }) => [mtimeNs, size]);
  const before = seen();
  const socket = connect(bench.file('run', 'login.sock'));
  socket.write(
    'POST /v1/login/begin HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"us',
  );
  let heard = '';
  for await (const chunk of socket) heard += chunk;
  assert.match(heard, /^HTTP\/1\.1 408 /);
  assert.match(heard, /request-too-slow/);
  assert.deepEqual(seen(), before);
  assert.equal(await bench.health(), 204);
});
