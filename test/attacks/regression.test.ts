// Owns the proof that what a hostile review broke stays mended: the price of a guess, the end of a login, codes that must not be lost.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from '../scenarios/bench.ts';
import { says } from '../scenarios/client.ts';
import { traced } from '../scenarios/strace.ts';

const skip = lacking('strace');
const FULL = ['-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=ENOSPC'];
const NEVER = '7K3M-9QXA-0F2T-VW4H';
const DAYS = 86_400_000;

/** How many of these guesses are looked at while the medium is full. */
async function lookedAt(bench: Bench, codes: readonly string[]): Promise<number> {
  let looked = 0;
  await traced(bench, FULL, async () => {
    for (const code of codes) if ((await bench.tries('alice', code)).status === 503) looked += 1;
  });
  return looked;
}

test('a guess on a full medium stays owed whatever comes between, right or wrong', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const wrong = phone.wrong(bench.now);
  const guesses = [wrong, wrong, phone.code(bench.now), wrong, wrong, wrong, wrong, wrong];
  assert.equal(await lookedAt(bench, guesses), 6, 'a right guess is owed like a wrong one');
  says(await bench.recovers('alice', NEVER), 403, { because: 'wrong-code' });
  says(await bench.tries('alice', wrong), 403, { because: 'form-required', form: 'pair' });
});

test('a login that was accepted stays so when a later commit fails', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  await bench.enrolled('bob');
  const found = bench.now + 15 * DAYS;
  bench.setClock(0);
  const [login, bobs] = [await bench.challenged('alice'), await bench.challenged('bob')];
  const mine = { login, user: 'alice' };
  let searching = true;
  const triple = bench
    .login('answer', { ...mine, method: 'totp', code: phone.codes(found, 3) })
    .finally(() => {
      searching = false;
    });
  const recovery = { ...mine, method: 'recovery-code' };
  const page = await bench.page('answer', { ...recovery, code: phone.recoveryCodes[0] });
  says(page, 202);
  assert.ok(searching, 'the search outlasts the page');
  await traced(bench, FULL, async () => {
    const body = { login: bobs, user: 'bob', method: 'recovery-code', code: NEVER };
    const others = Array.from({ length: 3 }, async () => {
      while (searching) await bench.login('answer', body);
    });
    await Promise.all([triple, ...others]);
  });
  says(await bench.login('answer', { ...recovery, code: phone.recoveryCodes[1] }), 403, {
    because: 'used-code',
  });
  says(await bench.login('redeem', { ...mine, proof: page.body.proof }), 200);
});

test('at most one recovery code is lost to a roster that cannot be written', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  mkdirSync(bench.file('etc', 'roster.new'));
  for (const code of recoveryCodes.slice(0, 4)) says(await bench.recovers('alice', code), 503);
  rmSync(bench.file('etc', 'roster.new'), { recursive: true });
  says(await bench.recovers('alice', recoveryCodes[3] ?? ''), 200);
  assert.equal((await bench.user('alice')).recoveryCodes as unknown, 8);
});

test('a clock moved back and forth gives no guess back', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const start = bench.now;
  let looked = 0;
  for (let i = 0; i < 40; i++) {
    bench.setClock(start + (i % 2) * 107 * DAYS);
    if ((await bench.tries('alice', phone.wrong(bench.now))).body.because === 'wrong-code') looked += 1;
  }
  assert.ok(looked <= 12, `${looked} guesses were looked at`);
});

test('what a clock in the future gave out does not outlive its length', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const tag = (await bench.asRoot('GET /v1/policy')).headers.etag ?? '';
  says(await bench.asRoot('PUT /v1/policy', { scope: 'all', graceDays: 1 }, { 'If-Match': tag }), 200);
  const start = bench.now;
  bench.setClock(start + 3650 * DAYS);
  const { pass } = (await bench.asRoot('POST /v1/users/alice/pass', { reason: 'lost phone' })).body;
  says(await bench.begin('bob'), 200, { because: 'grace' });
  bench.setClock(start + 30 * DAYS);
  says(await bench.recovers('alice', pass ?? ''), 403, { because: 'wrong-code' });
  says(await bench.begin('bob'), 200, { because: 'grace' });
  bench.setClock(start + 32 * DAYS);
  says(await bench.begin('bob'), 401, { outcome: 'enrol' });
});
