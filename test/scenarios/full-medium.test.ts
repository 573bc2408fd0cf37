// Owns the proof that a full medium stops enrolments and nothing else, and that people go on logging in for long.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Medium, mountless } from './medium.ts';

const skip = lacking() || mountless();
const LOGINS = 200;

test(`a medium filled to the last byte: ${LOGINS} logins go on, enrolments are refused with the cause`, {
  skip,
}, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  await bench.start();
  const alice = await bench.enrolled('alice');
  medium.fill();
  assert.equal(medium.room, 0);
  for (let i = 0; i < LOGINS; i++) {
    const login = await bench.challenged('alice');
    const answer = { login, user: 'alice', method: 'totp' };
    says(await bench.login('answer', { ...answer, code: alice.wrong(bench.now) }), 403);
    says(await bench.login('answer', { ...answer, code: alice.code(bench.now) }), 200);
    bench.pass(30);
  }
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 200);
  says(await bench.begin('bob'), 200, { because: 'not-enrolled' });
  const refused = await bench.asRoot('POST /v1/users/bob/enrolment');
  says(refused, 503, { code: 'store-full' });
  assert.match(refused.body.hint ?? '', /Free/);
  assert.deepEqual(await bench.troubles(), ['store-full']);

  // A start on the full medium: the ballast makes room for what a cold log needs.
  await bench.stop();
  medium.fill();
  await bench.start();
  assert.ok(!existsSync(bench.file('var', 'ballast')));
  says(await bench.tries('alice', alice.code(bench.now)), 200);
  await bench.kill();
  await bench.start();
  says(await bench.tries('alice', alice.code(bench.now)), 403, { because: 'used-code' });
  bench.pass(30);
  says(await bench.tries('alice', alice.code(bench.now)), 200);

  // Room again: everything works, and after the next start there is ballast again.
  medium.empty();
  await bench.enrolled('bob');
  assert.deepEqual(await bench.troubles(), []);
  await bench.restart();
  assert.ok(existsSync(bench.file('var', 'ballast')));
});

test('without room in the log and in the database, and without ballast, the same medium stops logins', {
  skip,
}, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  await bench.start();
  const alice = await bench.enrolled('alice');
  await bench.stop();
  medium.fill();
  rmSync(bench.file('var', 'ballast'));
  medium.fill();
  await bench.start();
  const login = await bench.begin('alice');
  if (login.status === 401) says(await bench.tries('alice', alice.code(bench.now)), 503);
  else says(login, 403, { because: 'store-unavailable' });
  medium.empty();
  await bench.until(async () => (await bench.begin('alice')).status === 401);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});
