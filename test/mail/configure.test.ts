// Owns the proof of changing the mail settings: nothing over somebody else's change, no credential to another server.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configureMail } from '../../daemon/mail/configure.ts';
import { probe } from '../../daemon/mail/probe.ts';
import { showMail } from '../../daemon/mail/show.ts';
import { testMail } from '../../daemon/mail/test.ts';
import { ROOT } from '../../daemon/service/actor.ts';
import { health } from '../../daemon/service/health.ts';
import type { MailWanted } from '../../daemon/wire/mail-setting.ts';
import { policy } from '../policy/rules.ts';
import { type House, makeHouse } from '../service/house.ts';
import { enrolled, NOW } from '../store/board.ts';
import { lackingOpenssl, makeCertificates } from './certificates.ts';

const OWN: MailWanted = {
  provider: 'smtp',
  from: 'nas@example.com',
  host: 'mail.example',
  user: 'nas',
  password: 'pass word 1',
};
const SIGNED_IN = { outcome: 'done', steps: [{ step: 'sign-in', ok: true }] };
const failing = (step: string, failure: string, said = '') => ({
  outcome: 'failed',
  steps: [{ step, ok: false, failure, said }],
});

const password = ({ parts }: House) =>
  parts.state.read((t) => t.mail.credential('password')?.reveal().toString()) ?? null;
const codes = ({ parts }: House) => health(parts).warnings.map(({ code }) => code);

test('a change names what it read; who comes second is told, and nothing of his stays', async (t) => {
  const house = await makeHouse(t);
  const { parts } = house;
  assert.deepEqual([showMail(parts).provider, showMail(parts).version], [null, 1]);
  await configureMail(parts, OWN, 1, ROOT);
  await assert.rejects(configureMail(parts, { ...OWN, host: 'other' }, 1, ROOT), { code: 'mail-changed' });
  await assert.rejects(configureMail(parts, null, null, ROOT), { code: 'mail-changed' });
  const { host, port, user, hasPassword, version, authorised } = showMail(parts);
  assert.deepEqual(
    [host, port, user, hasPassword, version, authorised],
    ['mail.example', 587, 'nas', true, 2, true],
  );
  assert.doesNotMatch(JSON.stringify(showMail(parts)), /pass word/);
  await configureMail(parts, null, 2, ROOT);
  assert.deepEqual([showMail(parts).provider, showMail(parts).version, password(house)], [null, 3, null]);
  const rows = parts.state.read((tables) => tables.audit.rows({ limit: 9 }));
  assert.deepEqual(
    rows.map(({ because }) => because),
    ['off', 'smtp mail.example:587 starttls from=nas@example.com user=nas'],
  );
});

test('a password stays with its server, and goes nowhere else', async (t) => {
  const house = await makeHouse(t);
  const { parts } = house;
  const { password: _, ...kept } = OWN;
  let version = 1;
  const put = (wanted: MailWanted) => configureMail(parts, wanted, version++, ROOT);
  await put(OWN);
  await put({ ...kept, from: 'other@example.com' });
  assert.equal(password(house), 'pass word 1', 'another sender is the same server');
  for (const change of [
    { host: 'evil.example' },
    { port: 2525 },
    { security: 'plain' },
    { user: 'root' },
  ] as const) {
    await put(OWN);
    await put({ ...kept, ...change });
    assert.equal(password(house), null, JSON.stringify(change));
  }
  await put({ ...OWN, password: null });
  assert.equal(password(house), null);
  await put({ provider: 'gmail', from: 'nas@gmail.com', password: 'abcd efgh ijkl mnop' });
  assert.equal(password(house), 'abcdefghijklmnop');
});

test('a file that is no certificate is refused, and nothing of it is told', {
  skip: lackingOpenssl,
}, async (t) => {
  const house = await makeHouse(t);
  const certificates = makeCertificates();
  t.after(certificates.remove);
  const secret = join(certificates.folder, 'secret');
  writeFileSync(secret, 'root:$6$abcdef:19000:0:99999:7:::\n');
  for (const caFile of [secret, '/no/such/file', certificates.folder, '/dev/zero'])
    await assert.rejects(
      configureMail(house.parts, { ...OWN, caFile }, 1, ROOT),
      (error: Error & { code: string }) => {
        assert.equal(error.code, 'mail-setting-refused');
        assert.doesNotMatch(`${error.message}${error.stack}`, /abcdef/);
        return true;
      },
    );
  await configureMail(house.parts, { ...OWN, caFile: certificates.caFile }, 1, ROOT);
  const asked: unknown[] = [];
  house.courier.handle = async (request) => {
    asked.push(request);
    return SIGNED_IN;
  };
  await probe(house.parts);
  const [request] = asked as { kind: string; account: { ca: string } }[];
  assert.match(request?.account.ca ?? '', /^-----BEGIN CERTIFICATE-----/);
  assert.equal(request?.kind, 'probe');
});

test('health: mail that nobody needs is no trouble; where a policy or an address needs it, it is', async (t) => {
  const house = await makeHouse(t);
  const { parts } = house;
  assert.deepEqual(codes(house), []);
  const alice = await enrolled(parts.state, 'alice', 1000);
  await parts.state.write((tables) =>
    tables.recoveryCodes.replace(alice, 'code', [Buffer.alloc(32)], NOW, null),
  );
  assert.deepEqual(codes(house), []);
  await parts.state.write((tables) => tables.policies.put(policy(2, { scope: 'all' }), NOW));
  assert.deepEqual(codes(house), ['mail-not-configured']);
  await parts.state.write((tables) => {
    tables.policies.put(policy(3), NOW);
    tables.securityEmails.pend(alice, 'alice@example.com', 'en');
  });
  assert.deepEqual(codes(house), [], 'an address that waits needs nothing');
  await parts.state.write((tables) => tables.securityEmails.confirm(alice, NOW));
  assert.deepEqual(codes(house), ['mail-not-configured']);
  house.courier.handle = async () => SIGNED_IN;
  await configureMail(parts, OWN, 1, ROOT);
  await probe(parts);
  assert.deepEqual([codes(house), health(parts).mail], [[], { configured: true, working: true, queued: 0 }]);
});

test('who has no codes left is ready while mail works, and not when it does not', async (t) => {
  const house = await makeHouse(t);
  const { parts } = house;
  const alice = await enrolled(parts.state, 'alice', 1000);
  await parts.state.write((tables) => {
    tables.securityEmails.pend(alice, 'alice@example.com', 'en');
    tables.securityEmails.confirm(alice, NOW);
  });
  assert.deepEqual(codes(house), ['mail-not-configured', 'users-not-ready']);
  house.courier.handle = async () => SIGNED_IN;
  await configureMail(parts, OWN, 1, ROOT);
  await probe(parts);
  assert.deepEqual([codes(house), health(parts).users.notReady], [[], 0]);
  house.courier.handle = async () => failing('sign-in', 'sign-in-refused', '535 no: pass word 1');
  await probe(parts);
  assert.deepEqual(
    [codes(house), health(parts).users.notReady],
    [['mail-not-working', 'users-not-ready'], 1],
  );
  assert.doesNotMatch(JSON.stringify(health(parts)), /pass word/);
  house.courier.handle = async () => failing('tls', 'certificate-date');
  await probe(parts);
  assert.deepEqual(codes(house)[0], 'mail-needs-clock', 'nobody confirms the clock of this house');
});

test('the test tells each step, writes down how it went, and repeats no secret', async (t) => {
  const house = await makeHouse(t);
  const { parts } = house;
  await assert.rejects(testMail(parts, 'alice@example.com', ROOT), { code: 'mail-not-set-up' });
  await configureMail(parts, OWN, 1, ROOT);
  for (const address of [
    'alice',
    'a@example.com\r\nBcc: b@example.com',
    '🦊@example.com',
    `${'a'.repeat(300)}@example.com`,
  ])
    await assert.rejects(testMail(parts, address, ROOT), { code: 'malformed-address' });
  const ok = (step: string) => ({ step, ok: true });
  house.courier.handle = async () => ({
    outcome: 'failed',
    steps: [
      ok('resolve'),
      ok('connect'),
      { step: 'sign-in', ok: false, failure: 'sign-in-refused', said: '535 not "pass word 1"' },
    ],
  });
  const refused = await testMail(parts, 'alice@example.com', ROOT);
  assert.deepEqual(
    [refused.ok, refused.steps.map(({ step, ok }) => `${step} ${ok}`)],
    [false, ['resolve true', 'connect true', 'sign-in false']],
  );
  assert.match(refused.steps.at(-1)?.text ?? '', /refused the sign-in. It says: 535 not "•••"/);
  assert.match(refused.steps.at(-1)?.hint ?? '', /password/);
  for (const nonsense of [async () => 'nonsense', async () => Promise.reject(new Error('gone'))]) {
    house.courier.handle = nonsense;
    const { ok, steps } = await testMail(parts, 'alice@example.com', ROOT);
    assert.deepEqual([ok, steps.length], [false, 1]);
  }
  house.courier.handle = async () => ({
    outcome: 'done',
    steps: [ok('resolve'), ok('connect'), ok('tls'), ok('sign-in'), ok('accepted')],
  });
  assert.equal((await testMail(parts, 'alice@example.com', ROOT)).ok, true);
  assert.equal(showMail(parts).working, true);
});
