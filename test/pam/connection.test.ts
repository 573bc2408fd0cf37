// Owns the proof of the module's connection: one for a login, another where the daemon let go, never one too many.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { Bench, missing } from './bench.ts';
import { accepted, challenge, framed, refused, type Script } from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';
const IN = /^result: 0 /m;
const UNAVAILABLE = /^result: 9 /m;

async function login(t: TestContext, script: Script, answers = ['123456', '654321', '111111']) {
  const login = await bench.scripted(t, script, { options: 'timeout=2', answers });
  return { ...login, questions: login.asked.map(({ path }) => path.split('/').at(-1)) };
}

test('a login with two wrong codes and a right one keeps its connection', { skip }, async (t) => {
  const answers = [refused('wrong-code'), refused('wrong-code'), accepted()];
  const { output, connections, questions } = await login(t, { [BEGIN]: challenge(), [ANSWER]: answers });
  assert.match(output, IN);
  assert.equal(connections, 1);
  assert.deepEqual(questions, ['begin', 'answer', 'answer', 'answer']);
});

test('a daemon that says it closes is asked on another connection', { skip }, async (t) => {
  const begun = challenge();
  assert.ok(typeof begun === 'object' && 'status' in begun);
  const script = { [BEGIN]: { ...begun, closing: true as const }, [ANSWER]: accepted() };
  const { output, connections, questions } = await login(t, script);
  assert.match(output, IN);
  assert.equal(connections, 2);
  assert.deepEqual(questions, ['begin', 'answer']);
});

test('a connection that is dropped while the person types is replaced', { skip }, async (t) => {
  const daemon = await bench.daemon({ [BEGIN]: challenge(), [ANSWER]: accepted() });
  t.after(() => daemon.close());
  const { output } = await bench.login({}, [], async () => {
    await daemon.drop();
    return '123456';
  });
  assert.match(output, IN);
  assert.equal(daemon.connections(), 2);
  assert.deepEqual(
    daemon.asked.map(({ path }) => path),
    [BEGIN, ANSWER],
  );
});

test('a connection lost under a question: asked once more, on a new one, and not again', {
  skip,
}, async (t) => {
  const once = await login(t, { [BEGIN]: challenge(), [ANSWER]: ['close', accepted()] });
  assert.match(once.output, IN);
  assert.deepEqual(once.questions, ['begin', 'answer', 'answer']);
  const twice = await login(t, { [BEGIN]: challenge(), [ANSWER]: 'close' });
  assert.match(twice.output, UNAVAILABLE);
  assert.deepEqual(twice.questions, ['begin', 'answer', 'answer']);
  const first = await login(t, { [BEGIN]: 'close' });
  assert.match(first.output, UNAVAILABLE);
  assert.deepEqual(first.questions, ['begin']);
});

test('half an answer on a kept connection is no answer, and nothing is asked again', { skip }, async (t) => {
  const whole = framed(200, JSON.stringify({ outcome: 'accepted', user: 'alice' }));
  const script = { [BEGIN]: challenge(), [ANSWER]: { bytes: whole.slice(0, -1) } };
  const { output, questions } = await login(t, script);
  assert.match(output, UNAVAILABLE);
  assert.deepEqual(questions, ['begin', 'answer']);
});

test('a daemon that hangs is waited for once, not once a connection', { skip }, async (t) => {
  const { output, questions } = await login(t, { [BEGIN]: challenge(), [ANSWER]: 'hang' });
  assert.match(output, UNAVAILABLE);
  assert.deepEqual(questions, ['begin', 'answer']);
});

test('what comes unasked on a kept connection is not taken for an answer', { skip }, async (t) => {
  const daemon = await bench.daemon({ [BEGIN]: challenge(), [ANSWER]: refused('wrong-code') });
  t.after(() => daemon.close());
  const unasked = framed(200, JSON.stringify({ outcome: 'accepted', user: 'alice' }));
  const { output } = await bench.login({}, [], async () => {
    await daemon.say(unasked);
    return '123456';
  });
  assert.doesNotMatch(output, IN);
  assert.equal(daemon.asked.filter(({ path }) => path === ANSWER).length, 3);
  assert.equal(daemon.connections(), 4);
});
