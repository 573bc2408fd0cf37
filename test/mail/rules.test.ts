// Owns the proof of the rules around mail: addresses, presets, budgets, pauses, and what may be repeated.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import { domainOf, masked, readAddress } from '../../daemon/mail/address.ts';
import { pauseAfter } from '../../daemon/mail/backoff.ts';
import { fits } from '../../daemon/mail/budget.ts';
import { explain } from '../../daemon/mail/explain.ts';
import { hush } from '../../daemon/mail/hush.ts';
import { endingOf, troubleOf } from '../../daemon/mail/judge.ts';
import { isSameAccount, passwordOf, settingOf } from '../../daemon/mail/presets.ts';
import type { MailSetting } from '../../daemon/mail/setting.ts';
import { MAIL_FAILURES, readJourney, readOffer } from '../../daemon/wire/mail.ts';
import type { MailWanted } from '../../daemon/wire/mail-setting.ts';

test('an address is an address, and nothing that means something to a mail server', () => {
  for (const good of [
    'a@example.com',
    "o'neil+nas@mail.example.co",
    'x_y-z.w@a-b.example',
    ' a@example.com ',
  ])
    assert.equal(readAddress(good), good.trim());
  const bad = [
    '',
    '@',
    'a',
    'a@',
    '@example.com',
    'a b@example.com',
    'a@b c',
    'a@example.com\r\nBcc: b@example.com',
    'a\n@example.com',
    'a@example.com,b@example.com',
    '<a@example.com>',
    'Alice <a@example.com>',
    '"a b"@example.com',
    'a@[127.0.0.1]',
    'a@-x.example',
    'a..b@example.com',
    '.a@example.com',
    'ä@example.com',
    'a@exämple.com',
    '🦊@example.com',
    'a@example..com',
    'a@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}`,
    'a\0@example.com',
    'a@example.com\u2028',
    'a(comment)@example.com',
    'a;b@example.com',
    'a:b@example.com',
  ];
  for (const one of bad) assert.equal(readAddress(one), null, JSON.stringify(one));
  assert.equal(domainOf('a@example.com'), 'example.com');
  assert.equal(masked('alice@example.com'), 'a•••@example.com');
});

test('whatever is taken for an address fits an envelope: one line, ASCII, one @ outside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 20 }), (left, right) => {
      const address = readAddress(`${left}@${right}.example`);
      if (address !== null) assert.match(address, /^[!-~]+@[A-Za-z0-9.-]+$/);
      if (address !== null) assert.doesNotMatch(address, /[<>,;:"()[\]\\\s]/);
    }),
  );
});

const wanted = (changed: Partial<MailWanted>): MailWanted => ({
  provider: 'smtp',
  from: 'nas@example.com',
  ...changed,
});

test('a wish becomes a whole setting', () => {
  const server = (of: Partial<MailWanted>) => {
    const setting = settingOf(wanted(of)) as MailSetting;
    return [setting.host, setting.port, setting.security, setting.account];
  };
  assert.deepEqual(server({ provider: 'gmail' }), ['smtp.gmail.com', 465, 'tls', 'nas@example.com']);
  assert.deepEqual(server({ provider: 'outlook' }), [
    'smtp-mail.outlook.com',
    587,
    'starttls',
    'nas@example.com',
  ]);
  assert.deepEqual(server({ provider: 'microsoft365' }), [
    'smtp.office365.com',
    587,
    'starttls',
    'nas@example.com',
  ]);
  assert.deepEqual(server({ host: 'h' }), ['h', 587, 'starttls', null]);
  assert.deepEqual(server({ host: 'h', security: 'tls' }), ['h', 465, 'tls', null]);
  assert.deepEqual(server({ host: 'h', security: 'plain', port: 2525 }), ['h', 2525, 'plain', null]);
  assert.deepEqual(server({ host: 'h', user: 'nas', password: 'x' }), ['h', 587, 'starttls', 'nas']);
});

test('what cannot work is refused before it is kept', () => {
  assert.equal(settingOf(wanted({})), 'host-missing');
  assert.equal(settingOf(wanted({ host: 'h', from: 'nas' })), 'bad-sender');
  assert.equal(settingOf(wanted({ host: 'h', password: 'x' })), 'password-without-user');
  assert.equal(settingOf(wanted({ provider: 'outlook', password: 'x' })), 'passwords-ended');
  assert.equal(settingOf(wanted({ provider: 'microsoft365', security: 'plain' })), 'plain-authorisation');
  assert.equal(typeof settingOf(wanted({ provider: 'microsoft365', password: 'x' })), 'object');
});

test('credentials stay with their server: any other host, port, way, user or authority forgets them', () => {
  const before = settingOf(wanted({ host: 'h', user: 'nas', password: 'x' })) as MailSetting;
  assert.equal(isSameAccount(before, { ...before, sender: 'other@example.com' }), true);
  const changes = [
    { host: 'evil' },
    { port: 1 },
    { security: 'plain' },
    { account: 'x' },
    { caFile: '/x' },
    { provider: 'gmail' },
  ] as const;
  for (const change of changes) assert.equal(isSameAccount(before, { ...before, ...change }), false);
  assert.equal(isSameAccount(null, before), false);
  assert.equal(passwordOf('gmail', 'abcd efgh ijkl mnop'), 'abcdefghijklmnop');
  assert.equal(passwordOf('smtp', 'two words'), 'two words');
});

test('notices stop first, and what is left of the day is for people who cannot get in', () => {
  const open = (sent: number) =>
    (['notice', 'confirm', 'reset', 'emergency'] as const).filter((lane) => fits(lane, sent));
  assert.deepEqual(open(99), ['notice', 'confirm', 'reset', 'emergency']);
  assert.deepEqual(open(100), ['confirm', 'reset', 'emergency']);
  assert.deepEqual(open(140), ['emergency']);
  assert.deepEqual(open(199), ['emergency']);
  assert.deepEqual(open(200), []);
});

test('a code is tried again within its ten minutes, a notice ever more rarely, a refused sign-in never hammers', () => {
  let at = 0;
  const times: number[] = [];
  for (let tries = 1; at < 10 * MINUTE; tries++) {
    at += pauseAfter(tries, 'emergency', 'unreachable');
    times.push(at);
  }
  assert.ok(times.length >= 10 && (times[0] ?? 0) <= 5 * SECOND, `${times}`);
  assert.equal(pauseAfter(50, 'notice', 'timeout'), 30 * MINUTE);
  for (let tries = 1; tries < 2_000; tries += 7) {
    assert.ok(pauseAfter(tries, 'reset', 'sign-in-refused') >= MINUTE);
    assert.ok(pauseAfter(tries, 'notice', null) < HOUR);
  }
});

test('a server that repeats what it was told gives no secret away, whole, in base64 or in pieces', () => {
  const password = 'correct horse battery staple';
  const plain = `\0nas\0${password}`;
  const said = [
    `535 no: ${password}`,
    `535 ${Buffer.from(password).toString('base64')}`,
    `535 ${Buffer.from(plain).toString('base64').slice(5, 30)} was wrong`,
    `535 ${password.slice(3, 20)}!`,
  ];
  for (const text of said) {
    const hushed = hush(text, [password, plain]);
    assert.match(hushed, /^535/);
    for (let at = 0; at + 12 <= password.length; at++)
      assert.ok(!hushed.includes(password.slice(at, at + 12)), hushed);
    assert.match(hushed, /•••/);
  }
  assert.equal(hush('535 5.7.8 authentication failed', [password, 'x y']), '535 5.7.8 authentication failed');
  assert.equal(hush('the code ABCD-EFGH', ['ABCD-EFGH']), 'the code •••');
  assert.equal(hush('anything', ['']), 'anything');
});

test('an expired certificate proves nothing to a NAS that does not know the time', () => {
  const step = { step: 'tls', ok: false, failure: 'certificate-date', said: '' } as const;
  assert.equal(troubleOf(step, { state: 'synchronised', offset: 40 }), 'certificate-date');
  assert.equal(troubleOf(step, { state: 'holdover', offset: 0 }), 'certificate-date');
  assert.equal(troubleOf(step, { state: 'synchronised', offset: -2 * HOUR }), 'mail-needs-clock');
  assert.equal(troubleOf(step, { state: 'unsynchronised', offset: null }), 'mail-needs-clock');
  assert.equal(troubleOf(step, { state: 'wrong', offset: null }), 'mail-needs-clock');
  const other = { ...step, failure: 'certificate-name' } as const;
  assert.equal(troubleOf(other, { state: 'wrong', offset: null }), 'certificate-name');
  assert.deepEqual(endingOf(null, { state: 'synchronised', offset: 0 }, []), {
    code: 'helper-failed',
    text: '',
  });
});

test('every failure has a sentence and a way on, with the words of the server where it said some', () => {
  const where = { provider: 'gmail', host: 'smtp.gmail.com', port: 465 } as const;
  for (const failure of [...MAIL_FAILURES, 'mail-needs-clock', 'not-authorised', 'helper-failed'] as const) {
    const { text, hint } = explain(failure, '550 words', where);
    assert.match(text, /\. It says: 550 words$/);
    assert.ok(hint.length > 10);
    assert.doesNotMatch(explain(failure, '', where).text, /It says/);
  }
  assert.match(explain('sign-in-refused', '', where).hint, /app password/);
});

test('the role’s answer is hostile: shape, order, length and control characters', () => {
  const ok = { step: 'resolve', ok: true };
  const bad = { step: 'connect', ok: false, failure: 'unreachable', said: 'x' };
  const evil = `\u001b]0;owned\u0007\r\nline two\u202e${'x'.repeat(5_000)}`;
  const read = readJourney({ outcome: 'failed', steps: [ok, { ...bad, said: evil }] });
  const last = read?.steps.at(-1);
  assert.ok(last && !last.ok && last.said.length <= 300);
  assert.doesNotMatch(last.said, /[\p{Cc}\p{Cf}]/u);
  const refused = [
    null,
    'done',
    {},
    { outcome: 'done', steps: [] },
    { outcome: 'done', steps: [bad] },
    { outcome: 'failed', steps: [ok] },
    { outcome: 'failed', steps: [bad, ok] },
    { outcome: 'done', steps: [ok], extra: 1 },
    { outcome: 'done', steps: Array(9).fill(ok) },
    { outcome: 'failed', steps: [{ ...bad, failure: 'other' }] },
    { outcome: 'failed', steps: [{ ...bad, said: 'x'.repeat(10_001) }] },
  ];
  for (const answer of refused) assert.equal(readJourney(answer), null, JSON.stringify(answer)?.slice(0, 80));
  const offer = {
    outcome: 'offered',
    userCode: 'A',
    deviceCode: 'd',
    verificationUri: 'https://microsoft.com/x',
    expiresIn: 900,
    interval: 5,
  };
  assert.ok(readOffer(offer));
  for (const uri of ['javascript:alert(1)', 'http://example.com', 'https://x\ny', 'https:// x'])
    assert.equal(readOffer({ ...offer, verificationUri: uri }), null, uri);
});
