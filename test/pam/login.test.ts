// Owns the proof that the second step of a PAM login asks, tells and counts as the contract says.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, matchTranscript, missing } from './bench.ts';
import { type Asked, accepted, challenge, LOGIN, problem, refused } from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';

const codesOf = (asked: readonly Asked[]) =>
  asked.filter(({ path }) => path === ANSWER).map(({ body }) => [body.method, body.code]);

test('begin tells the daemon who asks, from where, and in which language', { skip }, async (t) => {
  const script = {
    [BEGIN]: { status: 200, body: { outcome: 'allow', user: 'root', because: 'not-enrolled' } },
  };
  const { asked, code } = await bench.scripted(t, script, {
    user: 'root',
    service: 'sshd',
    driver: ['-r', '192.0.2.7'],
    env: { LC_ALL: 'zh_CN.UTF-8@x', LANG: 'de_DE' },
  });
  assert.equal(code, 0);
  const body = { user: 'root', service: 'sshd', uid: 0, remoteAddress: '192.0.2.7', locale: 'zh-CN' };
  assert.deepEqual(asked, [{ path: BEGIN, body }]);
});

test('a remote host that names itself badly does not spoil the question', { skip }, async (t) => {
  const script = { [BEGIN]: { status: 200, body: { outcome: 'allow', user: 'x', because: 'exempt' } } };
  const { asked } = await bench.scripted(t, script, {
    user: 'no-such-user',
    driver: ['-r', 'bad host\u0007'],
  });
  assert.deepEqual(asked[0]?.body, { user: 'no-such-user', service: 'test' });
});

test('answers carry the login, its user and nothing else', { skip }, async (t) => {
  const { asked } = await bench.scripted(
    t,
    { [BEGIN]: challenge(), [ANSWER]: accepted() },
    { answers: ['123456'] },
  );
  assert.deepEqual(asked[1]?.body, { login: LOGIN, user: 'alice', method: 'totp', code: '123456' });
});

test('the day by which to enrol is told', { skip }, async (t) => {
  const body = { outcome: 'allow', user: 'alice', because: 'grace', enrolBy: '2026-12-01T00:00:00.000Z' };
  const { output, code } = await bench.scripted(t, { [BEGIN]: { status: 200, body } }, {});
  assert.equal(code, 0);
  matchTranscript('grace', output);
});

test('a wait of up to 30 s is told and held out; a longer one is told', { skip }, async (t) => {
  const script = {
    [BEGIN]: challenge(),
    [ANSWER]: [
      { status: 429, body: { outcome: 'wait', retryAfter: 2 } },
      { status: 429, body: { outcome: 'wait', retryAfter: 31 } },
      accepted(),
    ],
  } as const;
  const from = process.hrtime.bigint();
  const { output, code } = await bench.scripted(t, script, { answers: ['111111', '222222', '333333'] });
  const seconds = Number(process.hrtime.bigint() - from) / 1e9;
  assert.equal(code, 0);
  matchTranscript('waits', output);
  assert.ok(seconds >= 1.9 && seconds < 15, `took ${seconds} s`);
});

test('a wait for a one-time password never delays a recovery code', { skip }, async (t) => {
  const script = { [BEGIN]: challenge({ retryAfter: 25 }), [ANSWER]: accepted() };
  const from = process.hrtime.bigint();
  const { code } = await bench.scripted(t, script, { answers: ['7K3M-9QXA-0F2T-VW4H'] });
  assert.equal(code, 0);
  assert.ok(Number(process.hrtime.bigint() - from) / 1e9 < 10);
});

test('what is typed is hidden, and shown with the option echo', { skip }, async (t) => {
  const script = { [BEGIN]: challenge(), [ANSWER]: accepted() };
  const { output } = await bench.scripted(t, script, { answers: ['123456'], options: 'echo' });
  assert.match(output, /^shown : One-time password/);
});

test('a silent login says why in its next question, and nothing else', { skip }, async (t) => {
  const script = { [BEGIN]: challenge({ form: 'pair' }), [ANSWER]: [refused('wrong-code'), accepted()] };
  const { output } = await bench.scripted(t, script, {
    answers: ['111111 222222', '333333 444444'],
    driver: ['-s'],
  });
  assert.doesNotMatch(output, /^(info|error)/m);
  matchTranscript('silent', output);
});

test('nobody is asked for ever', { skip }, async (t) => {
  const script = { [BEGIN]: challenge(), [ANSWER]: problem(400, 'malformed-code') };
  const { asked, code } = await bench.scripted(t, script, { answers: Array<string>(40).fill('12345') });
  assert.equal(code, 1);
  assert.equal(codesOf(asked).length, 12);
});

test('a conversation that ends lets nobody in', { skip }, async (t) => {
  const { output, asked } = await bench.scripted(
    t,
    { [BEGIN]: challenge(), [ANSWER]: accepted() },
    { answers: [] },
  );
  assert.match(output, /^result: 19 /m);
  assert.equal(asked.length, 1);
});

test('control sequences of the daemon never reach the terminal', { skip }, async (t) => {
  const nasty = 'red\u001b[31;1m!\u001b]0;title\u0007\u009b2J\u202egnp\r\nnext\tline \u200bend';
  const script = {
    [BEGIN]: challenge(),
    [ANSWER]: [refused('wrong-code', { explanation: { code: 'phone-slow', text: nasty } }), accepted()],
  };
  const { output } = await bench.scripted(t, script, { answers: ['111111', '222222'] });
  assert.match(output, /^error : red!\]0;title2Jgnp\nerror : nextline end$/m);
});
