// Owns the proof that a user hears by mail of what happens to his account, where it happened and who did it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { isTrusted, trusts } from './devices.ts';
import { Browser } from './gateway.ts';
import { Mailbox } from './mailbox.ts';
import { Phone } from './phone.ts';

const skip = lacking();
const DAY = 24 * 60 * 60;

/** A board that sends mail, and alice, who has a phone and a mailbox. */
async function ready(t: Parameters<typeof Mailbox.open>[0]) {
  const bench = await Bench.started(t);
  const mailbox = await Mailbox.open(t);
  await mailbox.serves(bench);
  const phone = await bench.enrolled('alice');
  says(await bench.asRoot('PUT /v1/users/alice/security-email', { address: 'alice@example.com' }), 202);
  const code = await mailbox.code();
  says(await bench.asRoot('POST /v1/users/alice/security-email/confirm', { code }), 200);
  const hears = async (...parts: readonly RegExp[]) => {
    const { to, text } = await mailbox.next();
    assert.deepEqual(to, ['alice@example.com']);
    for (const part of parts) assert.match(text, part);
    return text;
  };
  await hears(/Security Email/);
  return { bench, mailbox, phone, hears };
}

test('of a device trusted from a new place, of its revocation, of its theft', { skip }, async (t) => {
  const { bench, mailbox, phone, hears } = await ready(t);
  const token = await trusts(bench, phone, 'Alice’s 💻');
  await hears(/"Alice’s 💻" is trusted/, /From: 192\.0\.2\.7/);
  const before = mailbox.count;
  await trusts(bench, phone, 'tablet', { remoteAddress: '192.0.2.99' });
  says(await bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 2 }), 200);
  const revoked = await hears(/device is not trusted any more/, /By: root/);
  assert.ok(!revoked.includes('is trusted on'));
  assert.equal(mailbox.count, before + 1, 'the same network is no new place');

  bench.pass(DAY);
  const next = (await isTrusted(bench, token)).body.deviceToken ?? '';
  await isTrusted(bench, next);
  says(await bench.begin('alice', { deviceToken: token, remoteAddress: '198.51.100.9' }), 401);
  const theft = await hears(/"Alice’s 💻" was used a second time/, /From: 198\.51\.100\.9/);
  assert.ok(!theft.includes(token) && !theft.includes(next));
});

test('of wrong codes at the fifth, of a recovery code that was used, of new ones and of a pass', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone, hears } = await ready(t);
  const before = mailbox.count;
  for (let i = 0; i < 5; i++) {
    if (i === 4) bench.pass(5);
    says(await bench.tries('alice', phone.wrong(bench.now), { remoteAddress: '203.0.113.5' }), 403);
  }
  const alarm = await hears(/failed 5 times in a row/, /From: 203\.0\.113\.5/);
  assert.equal(mailbox.count, before + 1);
  assert.ok(!alarm.includes(phone.wrong(bench.now)));

  const [code = ''] = phone.recoveryCodes;
  says(await bench.recovers('alice', code), 200);
  const used = await hears(/with a recovery code\. You have 9 left/);
  assert.ok(!used.includes(code));
  says(await bench.asRoot('POST /v1/users/alice/recovery-codes'), 201);
  await hears(/New recovery codes/, /By: root/);
  const pass = await bench.asRoot('POST /v1/users/alice/pass', { reason: 'phone in the lake' });
  says(pass, 201);
  const issued = await hears(/issued a pass/, /By: root/, /Reason given: phone in the lake/);
  assert.ok(!issued.includes(pass.body.pass ?? '-'));
});

test('of a phone replaced, of the factor switched off, on and reset, and of the policy and the mail he administers', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone, hears } = await ready(t);
  const alice = new Browser(bench, 'alice');
  await alice.stepsUp(phone);
  const offer = await alice.asks('POST /api/v1/me/enrolment');
  const other = new Phone(offer.body.secret ?? '');
  const confirm = { code: other.code(bench.now) };
  says(await alice.asks('POST /api/v1/me/enrolment/confirm', confirm, { 'X-Real-IP': '192.0.2.7' }), 201);
  const replaced = await hears(/Another phone was set up/, /From: 192\.0\.2\.7/);
  assert.ok(!replaced.includes(offer.body.secret ?? '-'));
  bench.pass(30);

  await alice.stepsUp(other);
  says(await alice.asks('DELETE /api/v1/me/enrolment'), 204);
  await hears(/Two-factor was switched off/);
  await bench.enrolled('alice');
  await hears(/Two-factor was switched on/, /By: root/);
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'asked for' }), 200);
  await hears(/was taken away/, /By: root/, /Reason given: asked for/);
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'again' }), 200);

  await bench.enrolled('alice');
  await hears(/Two-factor was switched on/);
  const etag = String((await bench.asRoot('GET /v1/policy')).headers.etag);
  const policy = { scope: 'administrators', graceDays: 7 };
  says(await bench.asRoot('PUT /v1/policy', policy, { 'If-Match': etag }), 200);
  await hears(/who has to use two-factor/, /By: root/);

  await mailbox.serves(bench);
  await hears(/sends mail was changed/, /By: root/);
});
