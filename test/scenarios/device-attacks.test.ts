// Owns the proof that races, copies and shapes of tokens open no door that trust does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { isAsked, isTrusted, trusts } from './devices.ts';
import { Browser } from './gateway.ts';

const skip = lacking();
const DAY = 24 * 60 * 60;

test('a copy shown thirty times at once beside its successor is one theft, and nobody is in after it', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const copied = await trusts(bench, await bench.enrolled('alice'));
  bench.pass(DAY);
  const own = (await isTrusted(bench, copied)).body.deviceToken ?? '';
  await isTrusted(bench, own);
  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, n) => bench.begin('alice', { deviceToken: n % 2 ? copied : own })),
  );
  assert.ok(
    replies.every(({ status, body }, n) => status === 401 || (n % 2 === 0 && body.outcome === 'allow')),
  );
  assert.equal(await isAsked(bench, own), 'stolen');
  const { body } = await bench.asRoot('GET /v1/audit?user=alice&limit=500');
  assert.equal((body.rows ?? []).filter(({ because }) => because === 'stolen').length, 1);
});

test('once a revocation was answered, no login that begins is let in, whatever was under way', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  bench.pass(DAY);
  let answered = false;
  const knock = async () => (await bench.begin('alice', { deviceToken: token })).status;
  const knocks = async () => {
    while (!answered) await knock();
    for (let n = 0; n < 5; n++) assert.equal(await knock(), 401);
  };
  const revokes = async () => {
    says(await bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' }), 200);
    answered = true;
  };
  await Promise.all([knocks(), knocks(), knocks(), revokes()]);
});

test('nobody lists or revokes what is another’s, and what is no token is none', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  await bench.enrolled('bob');
  const bob = new Browser(bench, 'bob');
  const own = await bob.asks('GET /api/v1/me/devices');
  assert.deepEqual(own.body, { devices: [], ended: [] });
  says(await bob.asks('POST /api/v1/me/devices/revoke', { id: 1 }), 404, { code: 'unknown-device' });
  says(await bob.asks('POST /api/v1/me/devices/revoke', { id: 'all' }), 200);
  says(await bob.asks('GET /api/v1/admin/users/alice/devices'), 403, { code: 'not-an-administrator' });
  const shapes = [-1, 1.5, '1', 'ALL', null, [1], 2 ** 53];
  for (const id of shapes)
    says(await bob.asks('POST /api/v1/me/devices/revoke', { id }), id === 2 ** 53 ? 404 : 400);
  const respelt = [
    `${token}=`,
    ` ${token}`,
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase(),
    'ä'.repeat(43),
    '',
  ];
  for (const deviceToken of respelt) says(await bench.begin('alice', { deviceToken }), 401);
  for (const deviceToken of [7, null, [token], { token }, 'x'.repeat(513)])
    says(await bench.begin('alice', { deviceToken }), 400);
  await isTrusted(bench, token);
});

test('fifty begins at once with a token that is due get in, and one of them is given the successor', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const token = await trusts(bench, await bench.enrolled('alice'));
  bench.pass(DAY);
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => bench.begin('alice', { deviceToken: token })),
  );
  assert.ok(replies.every(({ status }) => status === 200));
  assert.equal(replies.filter(({ body }) => body.deviceToken).length, 1);
});
