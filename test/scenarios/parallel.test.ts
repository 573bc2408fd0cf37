// Owns the proof that one code opens the door once, however many ask at the same time and by whichever way.

import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { call, type Reply, says } from './client.ts';

const skip = lacking();
const FIFTY = Array.from({ length: 50 }, (_, i) => i);

/** How often each status was given. */
function counts(replies: readonly Reply[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const { status } of replies) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
}

/** The same answer to each of these logins, every one on a connection of its own that is open already. */
async function atOnce(
  bench: Bench,
  logins: readonly string[],
  code: string,
  method = 'totp',
): Promise<Reply[]> {
  const socket = bench.file('run', 'login.sock');
  const agents = logins.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  await Promise.all(agents.map((agent) => call({ socket, method: 'GET', path: '/v1/health', agent })));
  const replies = await Promise.all(
    logins.map((login, i) => {
      const body = { login, user: 'alice', method, code };
      return call({ socket, path: '/v1/login/answer', body, agent: agents[i] ?? assert.fail() });
    }),
  );
  for (const agent of agents) agent.destroy();
  return replies;
}

test('fifty answers with one code to fifty logins: one opens', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  for (let round = 0; round < 5; round++) {
    const logins = await Promise.all(FIFTY.map(() => bench.challenged('alice')));
    const { 200: opened, ...others } = counts(await atOnce(bench, logins, phone.code(bench.now)));
    assert.equal(opened, 1);
    assert.deepEqual(
      Object.keys(others).filter((status) => !['403', '429'].includes(status)),
      [],
    );
    bench.pass(60);
  }
});

test('fifty answers with one code to one login: one opens, and the others are told it is used', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  for (let round = 0; round < 3; round++) {
    const login = await bench.challenged('alice');
    const replies = await atOnce(
      bench,
      FIFTY.map(() => login),
      phone.code(bench.now),
    );
    assert.deepEqual(counts(replies), { 200: 1, 403: 49 });
    for (const reply of replies) if (reply.status === 403) says(reply, 403, { because: 'used-code' });
    bench.pass(60);
  }
});

test('fifty answers with one recovery code: one opens', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  const logins = await Promise.all(FIFTY.map(() => bench.challenged('alice')));
  const replies = await atOnce(bench, logins, recoveryCodes[0] ?? '', 'recovery-code');
  assert.deepEqual(counts(replies), { 200: 1, 403: 49 });
});

test('one code on login.sock and on the page at once: one of them', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  for (let round = 0; round < 5; round++) {
    const logins = await Promise.all(FIFTY.slice(0, 20).map(() => bench.challenged('alice')));
    const code = phone.code(bench.now);
    const replies = await Promise.all(
      logins.map((login, i) => {
        const body = { login, user: 'alice', method: 'totp', code };
        return i % 2 ? bench.page('answer', body) : bench.login('answer', body);
      }),
    );
    assert.equal(replies.filter(({ status }) => status < 300).length, 1);
    bench.pass(60);
  }
});

test('fifty guesses at once are all paid for: not one is looked at for nothing', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const logins = await Promise.all(FIFTY.map(() => bench.challenged('alice')));
  const replies = await atOnce(bench, logins, phone.wrong(bench.now));
  // The fourth failure begins a wait, which those that share its commit have to obey already.
  assert.deepEqual(counts(replies), { 403: 4, 429: 46 });
  assert.equal((await bench.user('alice')).failures?.strangers, 4);
});
