// Owns the proof that what the daemon really answers is what its contracts say: no more, no less.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ScureBase32Plugin } from 'otplib';
import * as v from 'valibot';
import { Fault } from '../../daemon/kernel/fault.ts';
import { later, MINUTE } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { Admission } from '../../daemon/login/decision.ts';
import { adminHandlers } from '../../daemon/sockets/admin.ts';
import { loginHandlers } from '../../daemon/sockets/login.ts';
import { problemOf } from '../../daemon/sockets/problem.ts';
import { webHandlers } from '../../daemon/sockets/web.ts';
import { codeAt, stepAt } from '../../daemon/verification/totp.ts';
import { adminContract } from '../../daemon/wire/admin.ts';
import type { Contract, Operation } from '../../daemon/wire/contract.ts';
import { loginContract } from '../../daemon/wire/login.ts';
import { problem } from '../../daemon/wire/problem.ts';
import { webContract } from '../../daemon/wire/web.ts';
import { type House, makeHouse, person } from '../service/house.ts';

interface Asked {
  readonly body?: unknown;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly ifMatch?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what comes back is judged by its schema below.
type Document = any;

/** Asks a handler as its socket does, and holds the reply against the contract. */
async function ask(contract: Contract, handlers: object, id: string, asked: Asked = {}) {
  const operation = contract[id] as Operation;
  const shaped = (part: 'body' | 'params' | 'query') => {
    const schema = operation[part];
    return schema ? v.parse(schema, asked[part] ?? {}) : undefined;
  };
  const handler = (handlers as Record<string, (request: object) => unknown>)[id];
  assert.ok(handler);
  const request = { body: shaped('body'), params: shaped('params'), query: shaped('query') };
  const given = await handler({ ...request, ...(asked.ifMatch ? { ifMatch: asked.ifMatch } : {}) });
  const reply =
    given instanceof Admission
      ? { status: 200, body: given.document }
      : (given as { status: number; body?: unknown });
  const schema = operation.replies[reply.status];
  assert.notEqual(schema, undefined, `${id} answers ${reply.status}, which the contract does not know`);
  if (schema === null) assert.equal(reply.body, undefined, `${id} ${reply.status} has no document`);
  const sent = reply.body === undefined ? undefined : (JSON.parse(JSON.stringify(reply.body)) as Document);
  // A field that the contract does not know would be stripped here, and so be seen.
  if (schema) assert.deepEqual(v.parse(schema, sent), sent, `${id} ${reply.status}`);
  return { status: reply.status, body: sent };
}

/** Every socket of one house; each answer comes as `[status, document]`. */
function socketsOf({ parts }: House) {
  const asking = (contract: Contract, handlers: object) => async (id: string, asked?: Asked) => {
    const { status, body } = await ask(contract, handlers, id, asked);
    return [status, body] as readonly [number, Document];
  };
  return {
    login: asking(loginContract, loginHandlers(parts)),
    web: asking(webContract, webHandlers(parts)),
    admin: asking(adminContract, adminHandlers(parts)),
  };
}

async function setUp(t: TestContext) {
  const house = await makeHouse(t);
  house.nss.accounts = [person('alice', 1000), person('bob', 1001)];
  const sockets = socketsOf(house);
  const codeOf = (secret: string, steps = 0) =>
    codeAt(new Secret(new ScureBase32Plugin().decode(secret)), stepAt(house.clock.now) + steps) ?? '';
  return { house, codeOf, ...sockets };
}

/** Enrols a user on root's word; gives his secret and recovery codes. */
async function enrolByRoot({ admin, codeOf }: Awaited<ReturnType<typeof setUp>>, name: string) {
  const [, offer] = await admin('enrolment', { params: { name } });
  const body = { code: codeOf(offer.secret) };
  const [status, { recoveryCodes }] = await admin('enrolmentConfirm', { params: { name }, body });
  assert.equal(status, 201);
  return { secret: offer.secret as string, recoveryCodes: recoveryCodes as string[] };
}

test('login.sock: in without a factor, challenged with one, refused, accepted, used, redeemed', async (t) => {
  const all = await setUp(t);
  const { house, login, codeOf } = all;
  const begin = (user: string) => login('begin', { body: { user, service: 'web' } });
  assert.equal((await begin('alice'))[0], 200);
  assert.deepEqual(await begin('nobody'), [403, { outcome: 'deny', because: 'unknown-user' }]);
  const { secret, recoveryCodes } = await enrolByRoot(all, 'alice');
  house.clock.now = later(house.clock.now, MINUTE);
  const [status, challenge] = await begin('alice');
  assert.equal(status, 401);
  const body = { login: challenge.login, user: 'alice', method: 'totp' };
  const wrong = codeOf(secret) === '000000' ? '111111' : '000000';
  assert.equal((await login('answer', { body: { ...body, code: wrong } }))[0], 403);
  const old = await login('answer', { body: { ...body, code: codeOf(secret, -10) } });
  assert.ok(old[0] === 403 && old[1].explanation);
  assert.equal((await login('answer', { body: { ...body, code: codeOf(secret) } }))[0], 200);
  assert.equal((await login('answer', { body: { ...body, code: codeOf(secret) } }))[1].because, 'used-code');
  const [, second] = await begin('alice');
  const recovery = { login: second.login, user: 'alice', method: 'recovery-code', code: recoveryCodes[0] };
  assert.equal((await login('answer', { body: recovery }))[0], 200);
  assert.equal((await login('redeem', { body: { ...recovery, proof: 'A'.repeat(43) } }))[0], 403);
});

test('login.sock: who has to wait is told for how long', async (t) => {
  const all = await setUp(t);
  const { secret } = await enrolByRoot(all, 'alice');
  const [, challenge] = await all.login('begin', { body: { user: 'alice', service: 'web' } });
  const right = new Set([-1, 0, 1].map((steps) => all.codeOf(secret, steps)));
  const wrong = ['000000', '111111', '222222', '333333'].find((code) => !right.has(code));
  const body = { login: challenge.login, user: 'alice', method: 'totp', code: wrong };
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) seen.push((await all.login('answer', { body }))[0]);
  assert.deepEqual(seen, [403, 403, 403, 403, 429]);
});

test('login.sock and web.sock: enrol at login, and complete a login on the page', async (t) => {
  const { house, login, web, admin, codeOf } = await setUp(t);
  const names = { users: [], groups: [], exceptUsers: [], exceptGroups: [] };
  assert.deepEqual(await admin('policy'), [200, { scope: 'none', ...names, graceDays: 7, next: null }]);
  const policy = { scope: 'all', graceDays: 0 };
  assert.deepEqual((await admin('previewPolicy', { body: policy }))[1].counts.inScope, 2);
  assert.equal((await admin('setPolicy', { body: policy, ifMatch: '"1"' }))[0], 200);
  for (const [user, socket, status] of [
    ['alice', login, 200],
    ['bob', web, 202],
  ] as const) {
    const [, begun] = await login('begin', { body: { user, service: 'web' } });
    assert.equal(begun.outcome, 'enrol');
    const body = { login: begun.login, user };
    const [offered, offer] = await socket('enrol', { body });
    assert.equal(offered, 201);
    const code = codeOf(offer.secret);
    const wrong = code === '000000' ? '111111' : '000000';
    assert.equal((await socket('confirm', { body: { ...body, code: wrong } }))[0], 403);
    const [confirmed, document] = await socket('confirm', { body: { ...body, code } });
    assert.equal(confirmed, status);
    assert.equal(document.recoveryCodes.length, 10);
    if (status === 202)
      assert.equal((await login('redeem', { body: { ...body, proof: document.proof } }))[0], 200);
    house.clock.now = later(house.clock.now, MINUTE);
    const [, challenge] = await login('begin', { body: { user, service: 'web' } });
    const answer = { login: challenge.login, user, method: 'totp' };
    assert.equal((await web('answer', { body: { ...answer, code: wrong } }))[0], 403);
    const [done, completed] = await web('answer', { body: { ...answer, code: codeOf(offer.secret) } });
    assert.equal(done, 202);
    assert.equal((await login('redeem', { body: { ...answer, proof: completed.proof } }))[0], 200);
  }
});

test('login.sock: mail that is not there yet, password reset, account events, health', async (t) => {
  const all = await setUp(t);
  await enrolByRoot(all, 'alice');
  const [, challenge] = await all.login('begin', { body: { user: 'alice', service: 'web' } });
  const body = { login: challenge.login, user: 'alice' };
  assert.equal((await all.login('emergencyMail', { body }))[0], 409);
  assert.equal((await all.web('emergencyMail', { body }))[0], 409);
  const [known, { reset }] = await all.login('passwordResetBegin', { body: { user: 'alice' } });
  const [unknown] = await all.login('passwordResetBegin', { body: { user: 'nobody' } });
  assert.deepEqual([known, unknown], [202, 202]);
  const redeem = { reset, user: 'alice', code: 'ABCDEFGH' };
  assert.equal((await all.login('passwordResetRedeem', { body: redeem }))[0], 403);
  for (const event of ['password-changed', 'removed']) {
    assert.equal((await all.login('accountEvent', { body: { user: 'alice', event } }))[0], 202);
  }
  assert.equal((await all.login('health'))[0], 204);
  all.house.parts.state.close();
  assert.equal((await all.login('health'))[0], 503);
});

test('admin.sock: users, passes, codes, resets, policy, audit, status and the documents themselves', async (t) => {
  const all = await setUp(t);
  const { admin } = all;
  const alice = { params: { name: 'alice' } };
  await enrolByRoot(all, 'alice');
  assert.deepEqual(
    (await admin('users'))[1].users.map(({ name, state }: Document) => [name, state]),
    [
      ['alice', 'enrolled'],
      ['bob', 'not-enrolled'],
    ],
  );
  assert.equal((await admin('user', alice))[1].recoveryCodes, 10);
  assert.equal((await admin('pass', { ...alice, body: { reason: 'phone lost' } }))[0], 201);
  assert.equal((await admin('recoveryCodes', alice))[1].recoveryCodes.length, 10);
  const reset = (what?: string) => admin('reset', { ...alice, body: { reason: 'asked for', what } });
  assert.equal((await reset('failures'))[0], 200);
  assert.equal((await reset())[1].state, 'not-enrolled', 'without a word for what, the factor goes');
  assert.equal((await reset('account'))[0], 204);
  const [, page] = await admin('audit', { query: { limit: '3' } });
  assert.equal(page.rows.length, 3);
  assert.equal(page.next, page.rows[2].id);
  assert.equal((await admin('audit', { query: { user: 'nobody' } }))[1].next, null);
  assert.equal((await admin('status'))[1].state, 'healthy');
  assert.deepEqual(Object.keys((await admin('openapi'))[1]), ['login.sock', 'web.sock', 'admin.sock']);
  all.house.parts.state.close();
  assert.equal((await admin('status'))[1].state, 'down');
});

test('state that is lost is told on every socket in the words of the contract', async (t) => {
  const first = await setUp(t);
  await enrolByRoot(first, 'alice');
  first.house.parts.state.close();
  rmSync(first.house.board.places.database);
  const { login, admin } = socketsOf(await makeHouse(t, first.house.board));
  const denied = await login('begin', { body: { user: 'alice', service: 'web' } });
  assert.deepEqual(denied, [403, { outcome: 'deny', because: 'state-lost' }]);
  assert.equal((await admin('status'))[1].state, 'down');
  for (const asking of [
    () => admin('user', { params: { name: 'alice' } }),
    () => admin('users'),
    () => admin('policy'),
  ]) {
    await assert.rejects(asking, (error) => {
      assert.ok(error instanceof Fault);
      const document = problemOf(error);
      assert.deepEqual(v.parse(problem, document), document);
      assert.equal(document.code, 'state-lost');
      return true;
    });
  }
});
