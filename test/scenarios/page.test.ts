// Owns the proof that a login completed on the daemon's own page is redeemed once, by the pipeline, with the browser's proof.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Phone } from './phone.ts';

const skip = lacking();
const INVENTED = 'A'.repeat(43);

/** Completes a login on the page; what the pipeline may redeem then. */
async function completed(bench: Bench, phone: Phone) {
  const login = await bench.challenged('alice');
  const done = await bench.page('answer', {
    login,
    user: 'alice',
    method: 'totp',
    code: phone.code(bench.now),
  });
  says(done, 202, { outcome: 'completed' });
  assert.equal(done.body.deviceToken, undefined, 'the token is for the pipeline');
  return { login, user: 'alice', proof: done.body.proof ?? '' };
}

test('the proof is redeemed once, whatever happened before', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const claim = await completed(bench, phone);
  says(await bench.login('redeem', { ...claim, proof: INVENTED }), 403, { because: 'wrong-code' });
  const wrongUser = await bench.login('redeem', { ...claim, user: 'bob' });
  says(wrongUser, 404, { code: 'unknown-login' });
  const redeemed = await bench.login('redeem', claim);
  says(redeemed, 200, { outcome: 'accepted', user: 'alice' });
  assert.ok(redeemed.body.deviceToken);
  says(await bench.login('redeem', claim), 403, { because: 'used-code' });
  await bench.restart();
  says(await bench.login('redeem', claim), 403, { because: 'used-code' });
});

test('of twenty claims at once one is granted', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const claim = await completed(bench, await bench.enrolled('alice'));
  const replies = await Promise.all(Array.from({ length: 20 }, () => bench.login('redeem', claim)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ status }) => status === 403).length, 19);
});

test('a claim outlives the daemon that granted it', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const claim = await completed(bench, await bench.enrolled('alice'));
  await bench.kill();
  await bench.start();
  says(await bench.login('redeem', claim), 200);
});

test('a claim ends after its fifteen minutes, and with a new password', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const late = await completed(bench, phone);
  bench.pass(15 * 60);
  await bench.restart();
  says(await bench.login('redeem', late), 404, { code: 'unknown-login' });

  const claim = await completed(bench, phone);
  says(await bench.event('alice', 'password-changed'), 202);
  says(await bench.login('redeem', claim), 403, { because: 'login-changed' });
});

test('what was answered on login.sock, or not at all, cannot be redeemed', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  const claim = { login, user: 'alice', proof: INVENTED };
  says(await bench.login('redeem', claim), 403, { because: 'wrong-code' });
  says(await bench.login('redeem', { ...claim, login: INVENTED }), 404, { code: 'unknown-login' });
  const answer = { login, user: 'alice', method: 'totp', code: phone.code(bench.now) };
  says(await bench.login('answer', answer), 200);
  says(await bench.login('redeem', claim), 403, { because: 'used-code' });
});

test('a code is worth one login, on the page or on login.sock', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const { login, user } = await completed(bench, phone);
  const code = phone.code(bench.now);
  says(await bench.login('answer', { login, user, method: 'totp', code }), 403, { because: 'used-code' });
  says(await bench.page('answer', { login, user, method: 'totp', code }), 403, { because: 'used-code' });
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
});

test('the page enrols who has to, and refuses as login.sock does', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const set = await bench.asRoot('PUT /v1/policy', { scope: 'all', graceDays: 0 }, { 'If-Match': '"1"' });
  says(set, 200);
  const { login } = (await bench.begin('bob')).body;
  const who = { login, user: 'bob' };
  const phone = new Phone((await bench.page('enrol', who)).body.secret ?? '');
  says(await bench.page('enrol/confirm', { ...who, code: phone.wrong(bench.now) }), 403, {
    because: 'wrong-code',
  });
  const done = await bench.page('enrol/confirm', { ...who, code: phone.code(bench.now) });
  says(done, 202, { outcome: 'completed' });
  assert.equal(done.body.recoveryCodes?.length, 10);
  says(await bench.login('redeem', { ...who, proof: done.body.proof }), 200, { user: 'bob' });
});
