// Owns the proof that a lost phone or a forgotten password is no end: with nothing but the mailbox, once a code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Browser } from './gateway.ts';
import { codeIn, Mailbox } from './mailbox.ts';
import { Phone } from './phone.ts';

const skip = lacking();
const ADDRESS = 'alice@example.com';
const MASKED = 'a•••@example.com';
const WRONG = '0000-0000';

/** A board that sends mail, with alice, who has a phone and an address. */
async function ready(t: Parameters<typeof Mailbox.open>[0]) {
  const bench = await Bench.started(t);
  const mailbox = await Mailbox.open(t);
  await mailbox.serves(bench);
  const phone = await bench.enrolled('alice');
  await mailbox.belongsTo(bench, 'alice', ADDRESS);
  return { bench, mailbox, phone };
}

const answers = (bench: Bench, login: string, code: string, more = {}) =>
  bench.login('answer', { login, user: 'alice', method: 'emergency-code', code, ...more });
const mails = (bench: Bench, login: string) => bench.login('emergency-mail', { login, user: 'alice' });

test('lost phone: a code by mail opens this login, once, and no other', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  const begun = await bench.begin('alice');
  says(begun, 401, { methods: ['totp', 'recovery-code', 'emergency-code'], securityEmail: MASKED });
  const login = begun.body.login ?? '';
  const started = performance.now();
  says(await mails(bench, login), 202, { sentTo: MASKED, state: 'sent', validFor: 600 });
  const code = await mailbox.code();
  t.diagnostic(`asked, mailed and read in ${Math.round(performance.now() - started)} ms`);

  const other = await bench.challenged('alice');
  says(await answers(bench, other, code), 403, { because: 'expired-code' });
  says(await answers(bench, login, WRONG), 403, { because: 'wrong-code' });
  const accepted = await answers(bench, login, code.toLowerCase().replace('-', ' '), { trustDevice: 'mine' });
  says(accepted, 200, { outcome: 'accepted', user: 'alice' });
  says(await answers(bench, login, code), 403, { because: 'used-code' });
  says(await answers(bench, other, code), 403, { because: 'expired-code' });
  // It grants no trust: the browser is known from now on, and is asked all the same.
  says(await bench.begin('alice', { deviceToken: accepted.body.deviceToken }), 401);
});

test('five wrong ones are all there is: then the right code is dead, and a new one works', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 202);
  const code = await mailbox.code();
  for (let i = 0; i < 5; i++) says(await answers(bench, login, WRONG), 403, { because: 'wrong-code' });
  says(await answers(bench, login, code), 403, { because: 'expired-code' });
  says(await mails(bench, login), 429, { outcome: 'wait' });
  bench.pass(60);
  says(await mails(bench, login), 202);
  says(await answers(bench, login, code), 403, { because: 'wrong-code' });
  says(await answers(bench, login, await mailbox.code()), 200);
});

test('a code works for ten minutes, and outlives a restart of the daemon with its login', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 202);
  const late = await mailbox.code();
  bench.pass(600);
  says(await answers(bench, login, late), 403, { because: 'expired-code' });

  const second = await bench.challenged('alice');
  says(await mails(bench, second), 202);
  const code = await mailbox.code();
  await bench.restart();
  says(await answers(bench, second, code, { user: 'bob' }), 404, { code: 'unknown-login' });
  says(await answers(bench, second, WRONG), 403, { because: 'wrong-code' });
  says(await answers(bench, second, code), 200, { outcome: 'accepted' });
  says(await answers(bench, second, code), 403, { because: 'used-code' });
  await bench.restart();
  says(await answers(bench, second, code), 404, { code: 'unknown-login' });

  const third = await bench.challenged('alice');
  bench.pass(60);
  says(await mails(bench, third), 202);
  const lost = await mailbox.code();
  says(await bench.event('alice', 'password-changed'), 202);
  await bench.restart();
  says(await answers(bench, third, lost), 403, { because: 'login-changed' });
});

test('of fifty at once with one code one is let in', { skip }, async (t) => {
  const { bench, mailbox } = await ready(t);
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 202);
  const code = await mailbox.code();
  const replies = await Promise.all(Array.from({ length: 50 }, () => answers(bench, login, code)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1);
  assert.equal(replies.filter(({ status }) => status === 403).length, 49);
});

test('on the page: the code completes the login, and the pipeline redeems it', { skip }, async (t) => {
  const { bench, mailbox } = await ready(t);
  const login = await bench.challenged('alice');
  says(await bench.page('emergency-mail', { login, user: 'alice' }), 202, { sentTo: MASKED });
  const code = await mailbox.code();
  const done = await bench.page('answer', { login, user: 'alice', method: 'emergency-code', code });
  says(done, 202, { outcome: 'completed' });
  const redeem = { login, user: 'alice', proof: done.body.proof };
  says(await bench.login('redeem', redeem), 200, { outcome: 'accepted' });
  says(await bench.login('redeem', redeem), 403, { because: 'used-code' });
});

test('mail has caps of its own in each lane: an attacker with the password uses up none of the owner’s', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone } = await ready(t);
  const { deviceToken } = (await bench.tries('alice', phone.code(bench.now))).body;
  const burst = await Promise.all(
    Array.from({ length: 20 }, async () => mails(bench, await bench.challenged('alice'))),
  );
  assert.equal(burst.filter(({ status }) => status === 202).length, 1);
  assert.equal(burst.filter(({ status }) => status === 429).length, 19);
  await mailbox.next();
  for (let i = 1; i < 6; i++) {
    bench.pass(60);
    says(await mails(bench, await bench.challenged('alice')), 202);
    await mailbox.next();
  }
  bench.pass(60);
  const waits = await mails(bench, await bench.challenged('alice'));
  says(waits, 429, { outcome: 'wait' });
  assert.equal(waits.headers['retry-after'], `${waits.body.retryAfter}`);

  const own = await bench.challenged('alice', { deviceToken });
  says(await mails(bench, own), 202);
  says(await answers(bench, own, await mailbox.code()), 200);
  bench.pass(waits.body.retryAfter ?? 0);
  says(await mails(bench, await bench.challenged('alice')), 202);
});

test('why there is no mail: not set up, no address, another user’s login', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 409, { because: 'no-security-email' });
  const none = await bench.cli(['user', 'security-email', 'alice', ADDRESS, '--json']);
  assert.equal(none.code, 1);
  assert.match(none.out, /Mail is not set up/);
  says(await bench.login('emergency-mail', { login, user: 'bob' }), 404, { code: 'unknown-login' });
  says(await answers(bench, login, WRONG), 403, { because: 'expired-code' });

  const mailbox = await Mailbox.open(t);
  await mailbox.serves(bench);
  const set = await bench.cli(['user', 'security-email', 'alice', ADDRESS, '--json']);
  assert.equal(set.code, 0, set.out);
  // An address that nobody confirmed counts for nothing.
  says(await bench.begin('alice'), 401, { methods: ['totp', 'recovery-code'], securityEmail: null });
  says(await mails(bench, login), 409, { because: 'no-security-email' });
});

test('a mail server that is away does not hold the answer up; when it is back the letter comes once', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  await mailbox.stop();
  const before = mailbox.count;
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 202, { state: 'queued' });
  await mailbox.start();
  await bench.restart();
  says(await answers(bench, login, await mailbox.code()), 200);
  assert.equal(mailbox.count, before + 1);
});

test('password reset: the code allows one; for 72 h the mailbox alone passes no second step', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone } = await ready(t);
  const open = await bench.challenged('alice');
  says(await mails(bench, open), 202);
  const emergency = await mailbox.code();
  const begun = await bench.reset('begin', { user: 'alice', locale: 'zh-CN' });
  says(begun, 202);
  const id = (begun.body as { reset?: string }).reset;
  const letter = await mailbox.next();
  assert.deepEqual(letter.to, [ADDRESS]);
  assert.match(letter.text, /[\u4e00-\u9fff]/);
  const redeem = (code: string, user = 'alice') => bench.reset('redeem', { reset: id, user, code });
  says(await redeem(WRONG), 403, { because: 'wrong-code' });
  says(await redeem(codeIn(letter), 'bob'), 403, { because: 'expired-code' });
  says(await redeem(codeIn(letter)), 201, { outcome: 'reset-allowed' });
  says(await redeem(codeIn(letter)), 403, { because: 'expired-code' });
  assert.match((await mailbox.next()).text, /[Pp]assword/, 'a notice at once');
  says(await answers(bench, open, emergency), 403, { because: 'login-changed' });
  says(await bench.event('alice', 'password-changed'), 202);

  const login = await bench.challenged('alice');
  says(await bench.begin('alice'), 401, { methods: ['totp', 'recovery-code'] });
  says(await mails(bench, login), 409, { because: 'recent-reset' });
  bench.pass(72 * 3600 - 100);
  says(await mails(bench, await bench.challenged('alice')), 409, { because: 'recent-reset' });
  bench.pass(100);
  says(await mails(bench, await bench.challenged('alice')), 202);
  await mailbox.next();
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('a login by another method gives the mailbox its word back', { skip }, async (t) => {
  const { bench, mailbox, phone } = await ready(t);
  const resets = async () => {
    const { body } = await bench.reset('begin', { user: 'alice' });
    const code = await mailbox.code();
    says(await bench.reset('redeem', { ...body, user: 'alice', code }), 201);
    await mailbox.next();
  };
  await resets();
  says(await mails(bench, await bench.challenged('alice')), 409, { because: 'recent-reset' });
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  says(await mails(bench, await bench.challenged('alice')), 202);
  await mailbox.next();

  bench.pass(60);
  await resets();
  await bench.restart();
  says(await mails(bench, await bench.challenged('alice')), 409, { because: 'recent-reset' });
  says(await bench.recovers('alice', phone.recoveryCodes[0] ?? ''), 200);
  says(await mails(bench, await bench.challenged('alice')), 202);
});

test('whoever must enrol does not do so with nothing but the mailbox', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const mailbox = await Mailbox.open(t);
  await mailbox.serves(bench);
  await mailbox.belongsTo(bench, 'bob', 'bob@example.com');
  const set = await bench.cli(['policy', 'set', '--scope', 'all', '--grace', '0', '--force', '--json']);
  assert.equal(set.code, 0, set.out);
  const before = await bench.begin('bob');
  says(before, 401, { outcome: 'enrol' });
  says(await bench.login('emergency-mail', { login: before.body.login, user: 'bob' }), 409, {
    code: 'not-enrolled',
  });
  const offer = await bench.login('enrol', { login: before.body.login, user: 'bob' });
  const { body } = await bench.reset('begin', { user: 'bob' });
  says(await bench.reset('redeem', { ...body, user: 'bob', code: await mailbox.code() }), 201);
  says(await bench.event('bob', 'password-changed'), 202);
  says(await bench.begin('bob'), 403, { because: 'recent-reset' });
  const thief = new Phone(offer.body.secret ?? '');
  const confirm = { login: before.body.login, user: 'bob', code: thief.code(bench.now) };
  says(await bench.login('enrol/confirm', confirm), 404, { code: 'unknown-login' });
  bench.pass(72 * 3600);
  says(await bench.begin('bob'), 401, { outcome: 'enrol' });
});

test('nobody learns from outside whether there is a user or an address', { skip }, async (t) => {
  const { bench, mailbox } = await ready(t);
  const before = mailbox.count;
  const names = ['alice', 'bob', 'nobody-here', 'root', 'x'.repeat(200)];
  for (const user of names) {
    const begun = await bench.reset('begin', { user });
    says(begun, 202);
    assert.deepEqual(Object.keys(begun.body), ['reset']);
    if (user === 'alice') await mailbox.next();
    const redeem = () => bench.reset('redeem', { ...begun.body, user, code: WRONG });
    // What is worked on afterwards is there when a login that came after it has been answered.
    for (let asked = 0; (await redeem()).body.because === 'expired-code'; asked++) {
      assert.ok(asked < 2_000, `a reset of ${user} is not judged like any other`);
    }
    const said: string[] = [];
    for (let i = 0; i < 6; i++) said.push((await redeem()).body.because ?? '');
    const wrong = Array(4).fill('wrong-code');
    assert.deepEqual(said, [...wrong, 'expired-code', 'expired-code'], user);
  }
  assert.equal(mailbox.count, before + 1);
});

test('a Security Email is shown masked, changes with a fresh second step, and the old one is told', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone } = await ready(t);
  const alice = new Browser(bench, 'alice');
  const ME = '/api/v1/me';
  says(await alice.asks(`GET ${ME}`), 200, {
    securityEmail: { address: MASKED, confirmed: true, pending: null },
    ready: true,
  });
  const next = { address: 'new@example.org' };
  says(await alice.asks(`PUT ${ME}/security-email`, next), 403, { code: 'step-up-required' });
  says(await alice.asks(`DELETE ${ME}/security-email`), 403, { code: 'step-up-required' });
  await alice.stepsUp(phone);
  says(await alice.asks(`PUT ${ME}/security-email`, { address: 'a@b\r\nBcc: c@d' }), 400, {
    code: 'malformed-address',
  });
  bench.pass(60);
  says(await alice.asks(`PUT ${ME}/security-email`, next), 202, { sentTo: 'n•••@example.org' });
  const code = await mailbox.code();
  says(await alice.asks(`GET ${ME}`), 200, {
    securityEmail: { address: MASKED, confirmed: true, pending: 'n•••@example.org' },
  });
  says(await alice.asks(`POST ${ME}/security-email/confirm`, { code: WRONG }), 409, {
    code: 'mailed-code-refused',
  });
  const confirmed = await alice.asks(`POST ${ME}/security-email/confirm`, { code });
  says(confirmed, 200, { securityEmail: { address: 'n•••@example.org', confirmed: true, pending: null } });
  says(await alice.asks(`POST ${ME}/security-email/confirm`, { code }), 409, { code: 'mailed-code-refused' });
  const told = [(await mailbox.next()).to[0], (await mailbox.next()).to[0]];
  assert.deepEqual(told.sort(), [ADDRESS, next.address].sort());

  says(await alice.asks(`DELETE ${ME}/security-email`), 200, {
    securityEmail: { address: null, confirmed: false, pending: null },
  });
  assert.deepEqual((await mailbox.next()).to, [next.address]);
  says(await bench.begin('alice'), 401, { methods: ['totp', 'recovery-code'], securityEmail: null });
  says(await bench.tries('alice', phone.code(bench.now)), 200, { notice: 'security-email-missing' });
});

test('who has no factor sets an address without a second step; a code is his own address’s', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  const bob = new Browser(bench, 'bob');
  says(await bob.asks('PUT /api/v1/me/security-email', { address: 'bob@example.com' }), 202);
  const code = await mailbox.code();
  const carol = new Browser(bench, 'carol');
  says(await carol.asks('PUT /api/v1/me/security-email', { address: 'carol@example.com' }), 202);
  await mailbox.next();
  const confirm = (who: Browser) => who.asks('POST /api/v1/me/security-email/confirm', { code });
  says(await confirm(carol), 409, { code: 'mailed-code-refused' });
  says(await confirm(bob), 200, { securityEmail: { confirmed: true } });
  await bench.restart();
  says(await bob.asks('GET /api/v1/me'), 200, { state: 'not-enrolled', securityEmail: { confirmed: true } });
});

test('a mailed code replaces one’s own phone and does nothing else; not after a password reset', {
  skip,
}, async (t) => {
  const { bench, mailbox, phone } = await ready(t);
  const alice = new Browser(bench, 'alice');
  const ME = '/api/v1/me';
  says(await alice.asks(`POST ${ME}/step-up/mail`, {}), 202, { sentTo: MASKED, validFor: 600 });
  const code = await mailbox.code();
  const login = await bench.challenged('alice');
  says(await answers(bench, login, code), 403, { because: 'expired-code' });
  const stepsUp = (typed: string) =>
    alice.asks(`POST ${ME}/step-up`, { method: 'emergency-code', code: typed });
  says(await stepsUp(WRONG), 403, { because: 'wrong-code' });
  const granted = await stepsUp(code);
  says(granted, 201);
  says(await stepsUp(code), 403, { because: 'expired-code' });
  alice.stepUp = (granted.body as { token?: string }).token;
  for (const other of [`DELETE ${ME}/enrolment`, `POST ${ME}/recovery-codes`, `DELETE ${ME}/security-email`])
    says(await alice.asks(other), 403, { code: 'step-up-required' });
  says(await alice.asks(`PUT ${ME}/security-email`, { address: 'x@y' }), 403, { code: 'step-up-required' });
  const offer = await alice.asks(`POST ${ME}/enrolment`);
  says(offer, 201);
  const second = new Phone(offer.body.secret ?? '');
  const done = await alice.asks(`POST ${ME}/enrolment/confirm`, { code: second.code(bench.now) });
  says(done, 201);
  assert.match((done.body as { text?: string }).text ?? '', new RegExp(done.body.recoveryCodes?.[9] ?? '-'));
  bench.pass(30);
  says(await bench.tries('alice', phone.code(bench.now)), 403);
  says(await bench.tries('alice', second.code(bench.now)), 200);

  const all = mailbox.count;
  const { body } = await bench.reset('begin', { user: 'alice' });
  let letter = await mailbox.next();
  while (!/password/i.test(letter.headers)) letter = await mailbox.next();
  assert.ok(mailbox.count >= all);
  says(await bench.reset('redeem', { ...body, user: 'alice', code: codeIn(letter) }), 201);
  says(await alice.asks(`POST ${ME}/step-up/mail`, {}), 409, { because: 'recent-reset' });
});

test('no mailed code is in what the daemon prints, or in the clear in what it stores', {
  skip,
}, async (t) => {
  const { bench, mailbox } = await ready(t);
  await mailbox.stop();
  const login = await bench.challenged('alice');
  says(await mails(bench, login), 202, { state: 'queued' });
  await bench.stop();
  const stored = readFileSync(bench.file('var', 'state.db'), 'latin1');
  await mailbox.start();
  await bench.start();
  const code = await mailbox.code();
  says(await answers(bench, login, code), 200);
  const audit = await bench.asRoot('GET /v1/audit?limit=200');
  for (const spelling of [code, code.replace('-', '')])
    for (const text of [stored, bench.printed, audit.text]) assert.ok(!text.includes(spelling));
});
