// Owns the proof that a trusted device skips the second step, is listed, and stops to be trusted when and because it should.

import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { isAsked, isTrusted, lastEnd, listed, trusts } from './devices.ts';
import { Browser } from './gateway.ts';
import { Phone } from './phone.ts';

const skip = lacking();
const DAY = 24 * 60 * 60;

test('trusted, it skips the second step, is listed, revoked, and asks again', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const token = await trusts(bench, phone, 'Alice’s 💻');
  await isTrusted(bench, token);
  await bench.restart();
  await isTrusted(bench, token);
  const { devices, ended } = await listed(bench);
  assert.deepEqual(ended, []);
  assert.deepEqual(devices, [
    {
      id: 1,
      name: 'Alice’s 💻',
      browser: 'Firefox',
      system: 'Linux',
      address: '192.0.2.7',
      since: '2026-12-01T12:00:40.000Z',
      lastUsed: '2026-12-01T12:00:40.000Z',
      until: '2026-12-31T12:00:40.000Z',
    },
  ]);
  assert.equal(((await bench.user('alice')) as { trustedDevices?: number }).trustedDevices, 1);

  const alice = new Browser(bench, 'alice');
  const revoked = await alice.asks('POST /api/v1/me/devices/revoke', { id: 1 });
  says(revoked, 200);
  assert.deepEqual(revoked.body, await listed(bench));
  assert.equal(await isAsked(bench, token), 'revoked-by-user');
  assert.equal(await lastEnd(bench), 'revoked-by-user');
  const asked = (await bench.begin('alice', { deviceToken: token })).body as { trustEndedAt?: string };
  assert.equal(asked.trustEndedAt, '2026-12-01T12:01:10.000Z');
  says(await alice.asks('POST /api/v1/me/devices/revoke', { id: 1 }), 200);
  says(await alice.asks('POST /api/v1/me/devices/revoke', { id: 2 }), 404, { code: 'unknown-device' });
  const { body } = await bench.asRoot('GET /v1/audit?user=alice&limit=20');
  const rows = (body.rows ?? []).map(({ outcome, because }) => `${outcome}: ${because}`);
  assert.equal(rows.filter((row) => row === 'allow: trusted-device').length, 2, 'each login has its row');
  assert.ok(rows.includes('device-trusted: Alice’s 💻') && rows.includes('device-revoked: Alice’s 💻'));
  assert.ok(!bench.printed.includes(token));
});

test('each end has its reason, and the login is told', { skip }, async (t) => {
  const bench = await Bench.started(t);
  let phone = await bench.enrolled('alice');
  const ends: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['password-changed', () => bench.event('alice', 'password-changed')],
    ['revoked-by-administrator', () => bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' })],
    ['account-removed', () => bench.event('alice', 'removed')],
    [
      'expired',
      async () => {
        bench.pass(30 * DAY);
        await bench.restart();
      },
    ],
  ];
  for (const [because, end] of ends) {
    const token = await trusts(bench, phone);
    await isTrusted(bench, token);
    await end();
    assert.equal(await isAsked(bench, token), because);
    assert.equal(await lastEnd(bench), because);
    assert.equal((await listed(bench)).devices.length, 0);
  }
  const replaced = await trusts(bench, phone);
  const alice = new Browser(bench, 'alice');
  await alice.stepsUp(phone);
  const offer = await alice.asks('POST /api/v1/me/enrolment');
  phone = new Phone(offer.body.secret ?? '');
  says(await alice.asks('POST /api/v1/me/enrolment/confirm', { code: phone.code(bench.now) }), 201);
  bench.pass(30);
  assert.equal(await isAsked(bench, replaced), 'phone-replaced');

  const reset = await trusts(bench, phone);
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'lost' }), 200);
  says(await bench.begin('alice', { deviceToken: reset }), 200, { because: 'not-enrolled' });
  await bench.enrolled('alice');
  assert.equal(await isAsked(bench, reset), 'two-factor-reset', 'no trust survives a reset');
});

test('a month of daily logins: the token rotates once a day and the end stays where it was', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  let token = await trusts(bench, phone);
  const used = new Set([token]);
  for (let day = 1; day < 30; day++) {
    bench.pass(DAY);
    const { body } = await isTrusted(bench, token);
    assert.equal((body as { deviceExpires?: string }).deviceExpires, '2026-12-31T12:00:40.000Z');
    token = body.deviceToken ?? assert.fail(`no successor on day ${day}`);
    assert.ok(!used.has(token));
    used.add(token);
    assert.equal((await isTrusted(bench, token)).body.deviceToken, undefined);
  }
  bench.pass(DAY);
  assert.equal(await isAsked(bench, token), 'expired');
});

test('a crash between commit and answer costs the owner nothing', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  bench.pass(DAY);
  assert.ok((await isTrusted(bench, token)).body.deviceToken, 'this answer never reached the browser');
  await bench.kill();
  await bench.start();
  assert.equal((await isTrusted(bench, token)).body.deviceToken, undefined);
  bench.pass(DAY);
  const next = (await isTrusted(bench, token)).body.deviceToken ?? '';
  await isTrusted(bench, next);
});

test('a copy gives itself away: both are asked, and the owner is told', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const copied = await trusts(bench, phone);
  bench.pass(DAY);
  const own = (await isTrusted(bench, copied)).body.deviceToken ?? '';
  await isTrusted(bench, own);
  assert.equal(await isAsked(bench, copied), undefined, 'the thief hears nothing of it');
  assert.equal(await isAsked(bench, own), 'stolen');
  assert.equal(await lastEnd(bench), 'stolen');
  const { body } = await bench.asRoot('GET /v1/audit?user=alice&limit=1');
  assert.deepEqual([body.rows?.[0]?.outcome, body.rows?.[0]?.because], ['device-revoked', 'stolen']);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('an older database brings no trust back: not a revoked one, not a stolen one', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const older = async (between: () => Promise<unknown>) => {
    await bench.stop();
    copyFileSync(bench.file('var', 'state.db'), bench.file('older.db'));
    await bench.start();
    await between();
    await bench.stop();
    copyFileSync(bench.file('older.db'), bench.file('var', 'state.db'));
    await bench.start();
  };
  const revoked = await trusts(bench, phone);
  await older(() => bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' }));
  assert.equal(await isAsked(bench, revoked), 'rolled-back');
  assert.equal(await lastEnd(bench), 'rolled-back');

  // Past what only counts from the rollback on, and is asked for twice.
  bench.pass(90);
  says(await bench.tries('alice', phone.codes(bench.now - 30_000, 2)), 200);
  bench.pass(30);
  const copied = await trusts(bench, phone);
  bench.pass(DAY);
  const own = (await isTrusted(bench, copied)).body.deviceToken ?? '';
  await isTrusted(bench, own);
  await older(() => isAsked(bench, copied));
  assert.equal(await isAsked(bench, own), 'rolled-back');
  assert.equal(await isAsked(bench, copied), undefined);
});

test('a trusted token is worth nothing in another user’s login', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  const bob = await bench.enrolled('bob');
  const asked = await bench.begin('bob', { deviceToken: token });
  says(asked, 401, { outcome: 'challenge' });
  const without = await bench.begin('bob', { deviceToken: 'A'.repeat(43) });
  assert.deepEqual(
    Object.keys(asked.body),
    Object.keys(without.body),
    'nothing tells it from an invented one',
  );
  for (let i = 0; i < 4; i++) await bench.tries('bob', bob.wrong(bench.now), { deviceToken: token });
  assert.deepEqual((await bench.user('bob')).failures, { strangers: 4, knownDevices: 0 });
  await isTrusted(bench, token);
});

test('a login on the page is trusted when it is redeemed, and not if it was revoked before', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const onThePage = async () => {
    const login = await bench.challenged('alice', { remoteAddress: '192.0.2.7' });
    const answer = {
      login,
      user: 'alice',
      method: 'totp',
      code: phone.code(bench.now),
      trustDevice: 'tablet',
    };
    const done = await bench.page('answer', answer);
    says(done, 202, { outcome: 'completed' });
    assert.equal(done.body.deviceToken, undefined, 'the token is for the pipeline');
    bench.pass(30);
    return { login, user: 'alice', proof: done.body.proof ?? '' };
  };
  const claim = await onThePage();
  assert.deepEqual((await listed(bench)).devices, [], 'nobody holds a token yet');
  await bench.restart();
  const redeemed = await bench.login('redeem', claim);
  says(redeemed, 200);
  await isTrusted(bench, redeemed.body.deviceToken ?? '');
  assert.equal((await listed(bench)).devices[0]?.name, 'tablet');

  const late = await onThePage();
  says(await bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' }), 200);
  const known = await bench.login('redeem', late);
  says(known, 200);
  assert.equal(await isAsked(bench, known.body.deviceToken ?? ''), undefined);
  assert.deepEqual((await listed(bench)).devices, []);
});

test('a name with hidden characters is refused; a shorter trust counts at once, and with 0 days nothing is trusted', {
  skip,
}, async (t) => {
  const bench = Bench.idle(t);
  const servers = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');
  const config = `[clock]\nservers = [${servers}]\n[limits]\ntrusted_device_days = `;
  await bench.start();
  const phone = await bench.enrolled('alice');
  const login = await bench.challenged('alice', { userAgent: '\u202e\u0000'.repeat(500) });
  const answer = { login, user: 'alice', method: 'totp', code: phone.code(bench.now) };
  for (const trustDevice of [
    '',
    'a\u202eb',
    'a\u0000b',
    'a\nb',
    '\u2066x',
    '\ud800',
    'x'.repeat(101),
    7,
    true,
  ]) {
    says(await bench.login('answer', { ...answer, trustDevice }), 400);
  }
  const family = await bench.login('answer', { ...answer, trustDevice: '  👩‍💻 办公室  ' });
  says(family, 200);
  assert.equal((await listed(bench)).devices[0]?.name, '👩‍💻 办公室');
  const token = family.body.deviceToken ?? '';
  await isTrusted(bench, token);
  bench.pass(30);

  writeFileSync(bench.file('etc', 'config.toml'), `${config}0\n`);
  await bench.restart();
  assert.equal(await isAsked(bench, token), 'switched-off');
  const off = (await bench.begin('alice', { deviceToken: token })).body;
  assert.ok(!('trustEndedAt' in off), 'nobody knows when the configuration changed');
  const untrusted = await trusts(bench, phone);
  assert.equal(await isAsked(bench, untrusted), undefined);
  assert.equal((await listed(bench)).ended[0]?.because, 'switched-off');

  writeFileSync(bench.file('etc', 'config.toml'), `${config}7\n`);
  await bench.restart();
  await isTrusted(bench, token);
  bench.pass(7 * DAY);
  assert.equal(await isAsked(bench, token), 'expired');
});

test('where nobody vouches for the time the wall clock decides, until it is below the floor: then nothing exempts', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  const noon = bench.now;
  bench.pass(31 * DAY);
  assert.equal(await isAsked(bench, token), 'expired');
  bench.setClock(noon);
  await bench.restart();
  await isTrusted(bench, token);
  await bench.stop();
  bench.setClock(Date.UTC(1970, 0, 1, 0, 0, 10));
  await bench.start();
  assert.equal(await isAsked(bench, token), 'clock-changed', 'a board that has lost the time exempts nobody');
});

test('root lists and revokes on the command line', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const laptop = await trusts(bench, phone, 'laptop');
  const tablet = await trusts(bench, phone, 'tablet');
  const list = await bench.cli(['user', 'devices', 'alice']);
  assert.equal(list.code, 0, list.err);
  assert.match(list.out, /1 +laptop +Firefox, Linux +192\.0\.2\.7/);
  const one = await bench.cli(['user', 'devices', 'alice', '--revoke', '1', '--json']);
  assert.deepEqual(
    JSON.parse(one.out).devices.map(({ name }: { name: string }) => name),
    ['tablet'],
  );
  await isTrusted(bench, tablet);
  assert.equal(await isAsked(bench, laptop), 'revoked-by-administrator');
  assert.equal((await bench.cli(['user', 'devices', 'alice', '--revoke', 'all'])).code, 0);
  assert.equal(await isAsked(bench, tablet), 'revoked-by-administrator');
  const nothing = await bench.cli(['user', 'devices', 'alice', '--revoke', '77']);
  assert.equal(nothing.code, 1);
  assert.match(nothing.err, /no device with that number/);
});
