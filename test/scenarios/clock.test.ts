// Owns the proof that a board which lost the time lets its people in with three codes in a row or a recovery code, and nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking, MINUTES } from './bench.ts';
import { says } from './client.ts';
import type { Phone } from './phone.ts';

const skip = lacking();
const DEAD = Date.UTC(2020, 0, 1);
const DAYS = 24 * 60 * MINUTES;

/** A board whose people enrolled while the time was right, and which came up in 2020. */
async function lost(bench: Bench, ...names: readonly string[]): Promise<{ phones: Phone[]; now: number }> {
  const phones: Phone[] = [];
  for (const name of names) phones.push(await bench.enrolled(name));
  const now = bench.now + 20 * DAYS;
  await bench.stop();
  bench.setClock(DEAD);
  await bench.start();
  return { phones, now };
}

test('three codes in a row of the true time get in, once; one is not looked at', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { phones, now } = await lost(bench, 'alice');
  const [phone = assert.fail()] = phones;
  says(await bench.begin('alice'), 401, { form: 'triple', methods: ['totp', 'recovery-code'] });
  says(await bench.tries('alice', phone.code(now)), 403, { because: 'form-required', form: 'triple' });
  says(await bench.tries('alice', phone.codes(now, 2)), 403, { because: 'form-required', form: 'triple' });
  const three = phone.codes(now, 3);
  says(await bench.tries('alice', three), 200, { notice: 'board-clock' });

  // Its one try a minute is in memory; what is spent is not.
  await bench.restart();
  says(await bench.tries('alice', three), 403, { because: 'clock-unsure' });
  await bench.restart();
  says(await bench.tries('alice', phone.codes(now + 90_000, 3)), 200);
});

test('codes from before the last login are not found, nor any that are not in a row', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { phones, now } = await lost(bench, 'alice', 'bob');
  const [alice = assert.fail(), bob = assert.fail()] = phones;
  const old = await bench.tries('alice', alice.codes(now - 21 * DAYS, 3));
  says(old, 403, { because: 'clock-unsure', explanation: { code: 'board-clock' } });
  const gap = `${bob.code(now)} ${bob.code(now + 30_000)} ${bob.code(now + 90_000)}`;
  says(await bench.tries('bob', gap), 403, { because: 'clock-unsure' });
});

test('a recovery code needs no clock, and the status says what is wrong', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { phones } = await lost(bench, 'alice');
  says(await bench.recovers('alice', phones[0]?.recoveryCodes[0] ?? ''), 200, { notice: 'board-clock' });
  assert.equal(await bench.health(), 204);
  const status = await bench.cli(['status', '--json']);
  assert.equal(status.code, 1);
  const { clock, warnings } = JSON.parse(status.out);
  assert.equal(clock.state, 'wrong');
  assert.ok(warnings.some(({ code }: { code: string }) => code === 'clock-below-floor'));
});

test('once the clock is right again one code is enough, and none that was spent counts', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const { phones, now } = await lost(bench, 'alice');
  const [phone = assert.fail()] = phones;
  says(await bench.tries('alice', phone.codes(now, 3)), 200);
  bench.setClock(now + 60_000);
  says(await bench.begin('alice'), 401, { form: 'single' });
  says(await bench.tries('alice', phone.code(now + 60_000)), 403, { because: 'used-code' });
  bench.pass(30);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('a wall clock that is put back revives no code', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const spent: string[] = [];
  for (let i = 0; i < 5; i++) {
    bench.pass(30);
    const code = phone.code(bench.now);
    says(await bench.tries('alice', code), 200);
    spent.push(code);
  }
  for (const code of spent.toReversed()) {
    says(await bench.tries('alice', code), 403, { because: 'used-code' });
    bench.pass(-30);
  }
});

test('a board that ran in the future locks nobody out', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const right = bench.now;
  bench.pass(30 * 24 * 60 * 60);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  bench.setClock(right);
  says(await bench.tries('alice', phone.code(right)), 403, { because: 'used-code' });
  says(await bench.recovers('alice', phone.recoveryCodes[0] ?? ''), 200);
});

test('failures of a board that ran in the future make nobody wait for it to come', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const right = bench.now;
  bench.pass(30 * 24 * 60 * 60);
  for (let i = 0; i < 4; i++) says(await bench.tries('alice', phone.wrong(bench.now)), 403);
  bench.setClock(right);
  says(await bench.begin('alice'), 401, { retryAfter: 0 });
  says(await bench.tries('alice', phone.code(right)), 200);
});
