// Owns the proof that nothing secret is printed, logged, audited, or lies readable on the medium.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Phone } from './phone.ts';

const skip = lacking();

/** A secret in the ways it may be written down. */
function spellings(secret: string): string[] {
  return [
    secret,
    secret.replaceAll('-', ''),
    secret.toLowerCase(),
    Buffer.from(secret).toString('base64url'),
  ];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('a whole session leaves no code, token, seed or recovery code behind', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const secrets: string[] = [];
  const keep = (...more: readonly (string | undefined)[]) => {
    for (const secret of more) secrets.push(secret ?? assert.fail('a secret that was to be looked for'));
  };
  const phone = await bench.enrolled('alice');
  keep(phone.secret, phone.code(bench.now - 30_000), ...phone.recoveryCodes);

  const login = await bench.challenged('alice', { remoteAddress: '192.0.2.7', userAgent: 'a browser' });
  const right = phone.code(bench.now);
  const wrong = phone.wrong(bench.now);
  keep(login, right);
  const answer = (code: string, method = 'totp') =>
    bench.login('answer', { login, user: 'alice', method, code });
  says(await answer(wrong), 403);
  says(await answer('a-very-secret-typo'), 400);
  keep('a-very-secret-typo');
  const accepted = await answer(right);
  says(accepted, 200);
  keep(accepted.body.deviceToken);
  says(await bench.begin('alice', { deviceToken: accepted.body.deviceToken }), 401);
  says(await bench.recovers('alice', phone.recoveryCodes[0] ?? ''), 200);
  says(await bench.recovers('alice', phone.recoveryCodes[0] ?? ''), 403);

  bench.pass(30);
  const paged = await bench.challenged('alice');
  const code = phone.code(bench.now);
  const done = await bench.page('answer', { login: paged, user: 'alice', method: 'totp', code });
  says(done, 202);
  keep(paged, code, done.body.proof);
  says(await bench.login('redeem', { login: paged, user: 'alice', proof: done.body.proof }), 200);

  const pass = (await bench.asRoot('POST /v1/users/alice/pass', { reason: 'lost phone' })).body.pass;
  keep(pass);
  says(await bench.login('begin', `{"user":"alice","deviceToken":"${pass}",`), 400);
  says(await bench.login('answer', { login, user: 'alice', method: pass, code: right }), 400);
  says(await bench.asRoot('PUT /v1/policy', { scope: 'all', graceDays: 0 }, { 'If-Match': '"1"' }), 200);
  const enrolling = (await bench.begin('bob')).body.login;
  const offer = await bench.login('enrol', { login: enrolling, user: 'bob' });
  const second = new Phone(offer.body.secret ?? '');
  says(
    await bench.login('enrol/confirm', { login: enrolling, user: 'bob', code: second.code(bench.now) }),
    200,
  );
  keep(second.secret, second.code(bench.now), enrolling);

  const audit = await bench.cli(['audit', '--jsonl']);
  assert.match(audit.out, /192\.0\.2\.7/);
  await bench.stop();
  const places = new Map([
    ['what was printed', bench.printed],
    ['the audit trail', audit.out],
  ]);
  for (const file of filesBelow(bench.file('etc'))) places.set(file, readFileSync(file, 'latin1'));
  for (const file of filesBelow(bench.file('var'))) places.set(file, readFileSync(file, 'latin1'));
  assert.match(bench.printed, /login\.sock POST answer 200/);
  for (const [place, text] of places) {
    for (const secret of secrets) {
      for (const spelling of spellings(secret)) {
        assert.ok(!holds(text, spelling), `${place} holds a secret: ${spelling}`);
      }
    }
  }
});

/** A code of six digits counts only where it is not a part of a longer number. */
function holds(text: string, secret: string): boolean {
  if (!/^\d{6}$/.test(secret)) return text.includes(secret);
  return new RegExp(`(?<![\\d.])${secret}(?![\\d.])`).test(text);
}

test('what the daemon keeps is for its owner alone', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const mode = (...path: readonly string[]) => statSync(bench.file(...path)).mode & 0o777;
  assert.equal(mode('var', 'key', 'master.key'), 0o400);
  assert.equal(mode('var', 'key'), 0o700);
  assert.equal(mode('var'), 0o700);
  assert.equal(mode('var', 'state.db'), 0o600);
  assert.equal(mode('var', 'state.db-wal'), 0o600);
  assert.equal(mode('etc', 'roster'), 0o600);
  assert.equal(mode('run', 'admin.sock'), 0o600);
  assert.equal(mode('run', 'login.sock'), 0o660);
  assert.equal(mode('run', 'web.sock'), 0o660);
});
