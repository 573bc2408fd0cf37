// Owns the proof that a person without the phone gets back in, once a code, and that root can help or start over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';

const skip = lacking();

test('a recovery code opens the door once, however it is typed, and is told when few are left', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  const [first = '', second = '', ...others] = recoveryCodes;
  const accepted = await bench.recovers('alice', first);
  says(accepted, 200, { outcome: 'accepted' });
  assert.equal(accepted.body.notice, undefined);
  says(await bench.recovers('alice', first), 403, { because: 'wrong-code' });
  says(await bench.recovers('alice', ` ${second.toLowerCase().replaceAll('-', '')} `), 200);
  await bench.restart();
  for (const spent of [first, second])
    says(await bench.recovers('alice', spent), 403, { because: 'wrong-code' });

  for (const code of others.slice(0, 4)) {
    assert.equal((await bench.recovers('alice', code)).body.notice, undefined);
  }
  says(await bench.recovers('alice', others[4] ?? ''), 200, { notice: 'recovery-codes-low' });
  assert.equal((await bench.user('alice')).recoveryCodes as unknown, 3);
});

test('a recovery code is its own user’s, and is no one-time password', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  await bench.enrolled('bob');
  const [code = ''] = alice.recoveryCodes;
  says(await bench.recovers('bob', code), 403, { because: 'wrong-code' });
  says(await bench.tries('alice', code), 400, { code: 'malformed-code' });
  says(await bench.recovers('alice', code), 200);
});

test('without a recovery code left the challenge does not offer one', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  for (const code of recoveryCodes) says(await bench.recovers('alice', code), 200);
  assert.deepEqual((await bench.begin('alice')).body.methods, ['totp']);
});

test('new recovery codes end the old ones', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  const renewed = await bench.cli(['user', 'recovery-codes', 'alice', '--json']);
  assert.equal(renewed.code, 0, renewed.err);
  const [fresh] = JSON.parse(renewed.out).recoveryCodes;
  says(await bench.recovers('alice', recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  says(await bench.recovers('alice', fresh), 200);
});

test('a one-time pass works once, within a day, and a second one ends the first', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const pass = async () => {
    const run = await bench.cli(['user', 'pass', 'alice', '--reason', 'lost phone', '--json']);
    assert.equal(run.code, 0, run.err);
    return JSON.parse(run.out).pass as string;
  };
  const [first, second] = [await pass(), await pass()];
  says(await bench.recovers('alice', first), 403, { because: 'wrong-code' });
  says(await bench.recovers('alice', second), 200);
  says(await bench.recovers('alice', second), 403, { because: 'wrong-code' });

  const late = await pass();
  bench.pass(24 * 60 * 60);
  says(await bench.recovers('alice', late), 403, { because: 'wrong-code' });
});

test('a reset takes everything the factor gave; the user enrols anew', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const old = await bench.enrolled('alice');
  const { deviceToken } = (await bench.tries('alice', old.code(bench.now))).body;
  const open = await bench.challenged('alice');
  const reset = await bench.cli(['user', 'reset', 'alice', '--reason', 'new phone', '--yes', '--json']);
  assert.equal(reset.code, 0, reset.err);
  says(await bench.begin('alice'), 200, { outcome: 'allow', because: 'not-enrolled' });
  const late = { login: open, user: 'alice', method: 'totp', code: old.code(bench.now + 30_000) };
  says(await bench.login('answer', late), 404, { code: 'unknown-login' });

  const phone = await bench.enrolled('alice');
  says(await bench.tries('alice', old.code(bench.now)), 403, { because: 'clock-unsure' });
  says(await bench.recovers('alice', old.recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  for (let i = 0; i < 3; i++) await bench.tries('alice', phone.wrong(bench.now));
  // The fourth failure in the strangers' lane: a browser that was still known would not wait.
  says(await bench.begin('alice', { deviceToken }), 401, { retryAfter: 5 });
  bench.pass(5);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('forgetting failures keeps the factor; forgetting the account keeps nothing', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  for (let i = 0; i < 4; i++) await bench.tries('alice', phone.wrong(bench.now));
  const forgive = { reason: 'it was the cat', what: 'failures' };
  says(await bench.asRoot('POST /v1/users/alice/reset', forgive), 200, { state: 'enrolled' });
  says(await bench.tries('alice', phone.code(bench.now)), 200);

  const forget = await bench.cli([
    'user',
    'reset',
    'alice',
    '--delete',
    '--yes',
    '--reason',
    'gone',
    '--json',
  ]);
  assert.equal(forget.code, 0, forget.err);
  says(await bench.begin('alice'), 200, { because: 'not-enrolled' });
  await bench.restart();
  says(await bench.begin('alice'), 200, { because: 'not-enrolled' });
});
