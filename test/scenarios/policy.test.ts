// Owns the proof that a mandatory scope is kept, that nobody outside it is asked, and that enrolling works within a login.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Phone } from './phone.ts';

const skip = lacking();

async function requireAll(bench: Bench, graceDays: number): Promise<void> {
  const set = await bench.cli(['policy', 'set', '--scope', 'all', '--grace', String(graceDays), '--json']);
  assert.equal(set.code, 0, set.err);
}

test('who has to enrol does so within the login, and is in', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await requireAll(bench, 0);
  const begun = await bench.begin('bob');
  says(begun, 401, { outcome: 'enrol' });
  const { login } = begun.body;
  const answer = { login, user: 'bob', method: 'totp', code: '123456' };
  says(await bench.login('answer', answer), 409, { code: 'not-enrolled' });
  says(await bench.login('enrol/confirm', { login, user: 'bob', code: '123456' }), 409, {
    code: 'no-enrolment',
  });

  const offer = await bench.login('enrol', { login, user: 'bob' });
  says(offer, 201, { issuer: 'Fygo NAS' });
  assert.match(offer.body.uri ?? '', /^otpauth:\/\/totp\/Fygo%20NAS:bob%40/);
  assert.match(offer.body.qrSvg ?? '', /^<svg/);
  const phone = new Phone(offer.body.secret ?? '');
  const confirm = (code: string) => bench.login('enrol/confirm', { login, user: 'bob', code });
  says(await confirm(phone.wrong(bench.now)), 403, { because: 'wrong-code' });
  const slow = await confirm(phone.code(bench.now - 60_000));
  says(slow, 403, { because: 'wrong-code', explanation: { code: 'phone-slow', seconds: 60 } });
  const done = await confirm(phone.code(bench.now));
  says(done, 200, { outcome: 'accepted', user: 'bob' });
  assert.equal(done.body.recoveryCodes?.length, 10);
  assert.ok(done.body.deviceToken);
  says(await confirm(phone.code(bench.now)), 403, { because: 'used-code' });

  says(await bench.tries('bob', phone.code(bench.now)), 403, {
    explanation: { code: 'just-enrolled', seconds: 20 },
  });
  bench.pass(30);
  says(await bench.tries('bob', phone.code(bench.now)), 200);
  says(await bench.recovers('bob', done.body.recoveryCodes?.[0] ?? ''), 200);
});

test('of two logins that enrol one user only the first does', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await requireAll(bench, 0);
  const logins = [(await bench.begin('bob')).body.login, (await bench.begin('bob')).body.login];
  const phones: Phone[] = [];
  for (const login of logins) {
    phones.push(new Phone((await bench.login('enrol', { login, user: 'bob' })).body.secret ?? ''));
  }
  const replies = await Promise.all(
    logins.map((login, i) =>
      bench.login('enrol/confirm', { login, user: 'bob', code: phones[i]?.code(bench.now) }),
    ),
  );
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 403]);
  says(replies.find(({ status }) => status === 403) ?? assert.fail(), 403, { because: 'login-changed' });
});

test('grace lets in until its end, which never moves, and then no more', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await requireAll(bench, 3);
  const enrolBy = new Date(bench.now + 3 * 86_400_000).toISOString();
  says(await bench.begin('bob'), 200, { outcome: 'allow', because: 'grace', enrolBy });
  bench.pass(2 * 86_400);
  await bench.restart();
  says(await bench.begin('bob'), 200, { because: 'grace', enrolBy });
  bench.pass(86_400);
  says(await bench.begin('bob'), 401, { outcome: 'enrol' });
});

test('a system account without a login shell is exempt; root under a second name is not', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  await requireAll(bench, 0);
  says(await bench.begin('daemon'), 200, { outcome: 'allow', because: 'exempt' });
  says(await bench.begin('root'), 401, { outcome: 'enrol' });
  says(await bench.begin('toor'), 401, { outcome: 'enrol' });
});

test('a policy is changed only by who has read it', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const read = await bench.asRoot('GET /v1/policy');
  const ETag = String(read.headers.etag);
  const wanted = { scope: 'all', graceDays: 0 };
  says(await bench.asRoot('PUT /v1/policy', wanted, { 'If-Match': ETag }), 200, wanted);
  const raced = await bench.asRoot('PUT /v1/policy', { scope: 'none', graceDays: 0 }, { 'If-Match': ETag });
  says(raced, 412, { code: 'policy-changed' });
  for (const match of [{}, { 'If-Match': '*' }, { 'If-Match': `W/"2"` }]) {
    says(await bench.asRoot('PUT /v1/policy', { scope: 'none', graceDays: 0 }, match), 412, {
      code: 'policy-changed',
    });
  }
  says(await bench.asRoot('GET /v1/policy'), 200, wanted);
  says(await bench.begin('bob'), 401, { outcome: 'enrol' });
});

test('a policy that changed ends the logins that were begun before', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  await requireAll(bench, 0);
  const answer = { login, user: 'alice', method: 'totp', code: phone.code(bench.now) };
  says(await bench.login('answer', answer), 403, { because: 'login-changed' });
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});
