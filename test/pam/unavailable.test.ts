// Owns the proof that nothing but the daemon's own 200 lets in: not silence, not rubbish, not somebody else's socket.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { Bench, matchTranscript, missing, type Outcome } from './bench.ts';
import {
  accepted,
  type Canned,
  challenge,
  type FakeDaemon,
  fakeDaemon,
  framed,
  problem,
} from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';
const ALLOW = JSON.stringify({ outcome: 'allow', user: 'alice', because: 'not-enrolled' });
const NOBODY = 65534;
const UNAVAILABLE = /^result: 9 /m;
// A stack in which every module is ignored is refused by libpam itself.
const IGNORED_ALONE = /^result: 6 /m;
const LINES = 'auth optional pam_permit.so\nauth required MODULE';

/** One login against a daemon whose `begin` answers this. */
const begin = (t: TestContext, canned: Canned, options = '') =>
  bench.scripted(t, { [BEGIN]: canned }, { options: `timeout=1 ${options}` });

const head = `HTTP/1.1 200 OK\r\nContent-Length: ${ALLOW.length}\r\n`;
const RUBBISH: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'no HTTP': ALLOW,
  'HTTP/1.0': `HTTP/1.0 200 OK\r\nContent-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'a status of two digits': `HTTP/1.1 20 OK\r\nContent-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'a status of four digits': `HTTP/1.1 2000 OK\r\nContent-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'an interim status': `HTTP/1.1 100 Continue\r\n\r\n${framed(200, ALLOW)}`,
  'no length': `HTTP/1.1 200 OK\r\n\r\n${ALLOW}`,
  'two lengths': `${head}Content-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'a negative length': `HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n${ALLOW}`,
  'a length that overflows': `HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551700\r\n\r\n${ALLOW}`,
  'a body that is cut short': framed(200, ALLOW).slice(0, -1),
  'a body that goes on': `${framed(200, ALLOW)}x`,
  chunks: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${ALLOW.length.toString(16)}\r\n${ALLOW}\r\n0\r\n\r\n`,
  'chunks and a length': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'a folded line': `HTTP/1.1 200 OK\r\nX-Y: z\r\n Content-Length: ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'a space before the colon': `HTTP/1.1 200 OK\r\nContent-Length : ${ALLOW.length}\r\n\r\n${ALLOW}`,
  'bare line feeds': `HTTP/1.1 200 OK\nContent-Length: ${ALLOW.length}\n\n${ALLOW}`,
  'a head without an end': `HTTP/1.1 200 OK\r\n${'X-Pad: y\r\n'.repeat(20_000)}`,
  'a body above 64 KiB': framed(200, `{"outcome":"allow","pad":"${'x'.repeat(70_000)}"}`),
  'no JSON': framed(200, 'OK'),
  'an array': framed(200, `[${ALLOW}]`),
  'two documents': framed(200, `${ALLOW}${ALLOW}`),
  'a comma too many': framed(200, '{"outcome":"allow",}'),
  'single quotes': framed(200, "{'outcome':'allow'}"),
  'a name twice': framed(200, '{"outcome":"allow","\\u006futcome":"deny"}'),
  'a lone surrogate': framed(200, '{"outcome":"allow","user":"\\ud800"}'),
  'an escaped NUL': framed(200, '{"outcome":"allow\\u0000"}'),
  'a leading zero': framed(200, '{"outcome":"allow","n":01}'),
  'a control character': framed(200, '{"outcome":"allow","n":"\u0001"}'),
  'not UTF-8': Buffer.from(
    framed(200, '{"outcome":"allow","n":"??"}').replace('??', '\u00c0\u00af'),
    'latin1',
  ),
  'depth without end': framed(200, `{"outcome":"allow","n":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
  'seventeen levels': framed(200, `{"outcome":"allow","n":${'['.repeat(16)}${']'.repeat(16)}}`),
  'tokens without end': framed(200, `{"outcome":"allow","n":[${'1,'.repeat(5_000)}1]}`),
  'no outcome': framed(200, '{}'),
  'the outcome of another call': framed(200, '{"outcome":"accepted","user":"alice"}'),
  'another status': framed(201, ALLOW),
  'a redirection': framed(302, ALLOW),
  'a refusal in words of allowing': framed(500, ALLOW),
  'a challenge without a login': framed(401, '{"outcome":"challenge","login":"short","methods":["totp"]}'),
};

for (const [name, bytes] of Object.entries(RUBBISH)) {
  test(`${name} lets nobody in`, { skip }, async (t) => {
    assert.match((await begin(t, { bytes })).output, UNAVAILABLE);
  });
}

test('the same bytes in order do let in, so that the table proves something', { skip }, async (t) => {
  assert.match((await begin(t, { bytes: framed(200, ALLOW) })).output, /^result: 0 /m);
  const pretty = `\t{ "outcome" : "a\\u006clow", "n": [ { }, [ ], -0.5e+3, true, null, "\\ud83d\\ude00" ] } \n`;
  assert.match((await begin(t, { bytes: framed(200, pretty) })).output, /^result: 0 /m);
});

test('nobody there, a daemon that hangs, one that hangs up: told, and closed', { skip }, async (t) => {
  const gone = await bench.login();
  assert.match(gone.output, UNAVAILABLE);
  matchTranscript('unavailable', gone.output);
  const from = process.hrtime.bigint();
  assert.match((await begin(t, 'hang')).output, UNAVAILABLE);
  const half = { bytes: framed(200, ALLOW).slice(0, -1), keepOpen: true };
  assert.match((await begin(t, half)).output, UNAVAILABLE);
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  assert.ok(seconds >= 2 && seconds < 8, `two time-outs of 1 s took ${seconds} s`);
  assert.match((await begin(t, 'close')).output, UNAVAILABLE);
});

test('unavailable=allow: silence is ignored, an answer never is', { skip }, async (t) => {
  const plan = { options: 'unavailable=allow timeout=1', lines: LINES };
  const allowed = await bench.login(plan);
  assert.match(allowed.output, /^result: 0 /m);
  assert.match((await begin(t, 'hang', 'unavailable=allow')).output, IGNORED_ALONE);
  assert.match((await begin(t, problem(500, 'internal'), 'unavailable=allow')).output, UNAVAILABLE);
  assert.match((await begin(t, problem(400, 'malformed-request'), 'unavailable=allow')).output, UNAVAILABLE);
});

test('unavailable=allow ends where a second factor was asked for', { skip }, async (t) => {
  const daemon = await bench.daemon({ [BEGIN]: challenge(), [ANSWER]: 'close' });
  t.after(() => daemon.close());
  const { output } = await bench.login({ options: 'unavailable=allow', lines: LINES, answers: ['123456'] });
  assert.match(output, UNAVAILABLE);
});

for (const options of [
  'nullok',
  'unavailable=maybe',
  'timeout=0',
  'timeout=61',
  'timeout=5s',
  'socket=login.sock',
  'Echo',
]) {
  test(`the option ${options} is refused`, { skip }, async (t) => {
    const daemon = await bench.daemon({ [BEGIN]: { status: 200, body: JSON.parse(ALLOW) } });
    t.after(() => daemon.close());
    const { output } = await bench.login({ options: `${options} unavailable=allow` });
    assert.match(output, UNAVAILABLE);
    assert.equal(daemon.asked.length, 0);
  });
}

/** A daemon that would let everybody in, at a path of its own; nothing must be asked of it. */
async function atPath(
  t: TestContext,
  path: string,
): Promise<{ daemon: FakeDaemon; login(): Promise<Outcome> }> {
  const daemon = await fakeDaemon(path, { [BEGIN]: { status: 200, body: JSON.parse(ALLOW) } });
  t.after(() => daemon.close());
  return {
    daemon,
    login: () => bench.login({ lines: `auth required ${bench.module} socket=${path} unavailable=allow` }),
  };
}

test('a socket is trusted only where nobody else could have put it', { skip }, async (t) => {
  const folder = join(bench.folder, 'trust');
  mkdirSync(join(folder, 'run'), { recursive: true });
  const path = join(folder, 'run', 'login.sock');
  const { daemon, login } = await atPath(t, path);
  assert.match((await login()).output, /^result: 0 /m);

  const refusedNow = async (why: string) => {
    const before = daemon.asked.length;
    assert.match((await login()).output, UNAVAILABLE, why);
    assert.equal(daemon.asked.length, before, why);
  };
  chmodSync(join(folder, 'run'), 0o777);
  await refusedNow('its folder is writable by all');
  chmodSync(join(folder, 'run'), 0o1777);
  await refusedNow('its folder is shared, sticky or not');
  chmodSync(join(folder, 'run'), 0o775);
  chownSync(join(folder, 'run'), 0, NOBODY);
  await refusedNow('its folder is writable by a group');
  chmodSync(join(folder, 'run'), 0o755);
  chownSync(path, NOBODY, NOBODY);
  await refusedNow('the socket belongs to somebody else');
  chownSync(join(folder, 'run'), NOBODY, NOBODY);
  assert.match((await login()).output, /^result: 0 /m, 'the folder was given to the daemon’s account');
  chownSync(folder, NOBODY, NOBODY);
  await refusedNow('a folder above belongs to somebody else');
  chownSync(folder, 0, 0);
  chmodSync(folder, 0o1777);
  await refusedNow('somebody else made the folder in a shared one');
  rmSync(folder, { recursive: true });
});

test('links on the way are resolved before they are judged', { skip }, async (t) => {
  const folder = join(bench.folder, 'links');
  mkdirSync(join(folder, 'real'), { recursive: true });
  symlinkSync('real', join(folder, 'link'));
  const { login } = await atPath(t, join(folder, 'link', 'login.sock'));
  assert.match((await login()).output, /^result: 0 /m);
  chmodSync(join(folder, 'real'), 0o777);
  assert.match((await login()).output, UNAVAILABLE);
  rmSync(folder, { recursive: true });
});

test('the process behind the socket is root, the folder’s owner or the daemon’s account', {
  skip,
}, async (t) => {
  const path = join(bench.folder, 'peer.sock');
  const server = join(import.meta.dirname, 'peer.py');
  const child = spawn('/usr/bin/python3', [server, path, String(NOBODY), ALLOW]);
  t.after(() => child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const line = `auth required ${bench.module} socket=${path} unavailable=allow`;
  assert.match((await bench.login({ lines: line })).output, UNAVAILABLE);
  assert.match((await bench.login({ lines: `${line} peer=nobody` })).output, /^result: 0 /m);
});

test('a daemon that hangs up before it listened sends no signal to sshd', { skip }, async (t) => {
  const path = join(bench.folder, 'hangs-up.sock');
  const child = spawn('/usr/bin/python3', [join(import.meta.dirname, 'peer.py'), path, String(NOBODY), '']);
  t.after(() => child.kill());
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const line = `auth required ${bench.module} socket=${path} peer=nobody`;
  const { output, complaints } = await bench.login({ lines: line, driver: ['-n', '300'] });
  assert.match(output, /^logins: 300, different results: 0, result: 9$/m, complaints);
});

test('a code that was typed is in no message of the log', { skip }, async (t) => {
  const daemon = await bench.daemon({
    [BEGIN]: challenge(),
    [ANSWER]: [problem(503, 'store-unavailable'), accepted()],
  });
  t.after(() => daemon.close());
  const { output, complaints } = await bench.login({ answers: ['123456'] });
  assert.match(output, UNAVAILABLE);
  matchTranscript('store-unavailable', output);
  assert.doesNotMatch(output + complaints, /123456/);
});
