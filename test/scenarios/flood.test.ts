// Owns the proof that a flood of answers on the login socket shuts nobody else out; figures are told, not judged.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import type { Phone } from './phone.ts';

const skip = lacking();
/** FYGO_FLOOD=full is a flood of 100,000 answers. */
const full = process.env.FYGO_FLOOD === 'full';
const ANSWERS = full ? 100_000 : 2_000;
const LOGINS = full ? 200 : 20;

/** Memory of the daemon's own that is in use now, in KiB. */
function anonymous(bench: Bench): number {
  const text = readFileSync(`/proc/${bench.pid}/smaps_rollup`, 'utf8');
  return Number(/^Anonymous: +(\d+)/m.exec(text)?.[1]);
}

/** Logins one after the other. */
async function logins(bench: Bench, alice: Phone): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < LOGINS; i++) {
    const began = performance.now();
    const login = await bench.challenged('alice');
    const answer = { login, user: 'alice', method: 'totp', code: alice.code(bench.now) };
    says(await bench.login('answer', answer), 200);
    took.push(performance.now() - began);
    bench.pass(30);
  }
  return took.sort((a, b) => a - b);
}

function tell(t: TestContext, what: string, took: readonly number[], before: number, after: number): void {
  const at = (share: number) =>
    (took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0).toFixed(1);
  t.diagnostic(
    `${what}: login p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; memory ${(before / 1024).toFixed(1)} -> ${(after / 1024).toFixed(1)} MiB`,
  );
}

test(`${ANSWERS} answers by one who may use the socket: another user's logins go on`, { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  await bench.enrolled('bob');
  await logins(bench, alice);
  const before = anonymous(bench);
  let left = ANSWERS;
  const guessing = Array.from({ length: 8 }, async () => {
    const login = await bench.challenged('bob');
    while (left-- > 0) {
      const { status } = await bench.login('answer', { login, user: 'bob', method: 'totp', code: '000000' });
      assert.ok([403, 429].includes(status), String(status));
    }
  });
  const began = performance.now();
  const took = await logins(bench, alice);
  await Promise.all(guessing);
  const rate = Math.round((ANSWERS * 60_000) / (performance.now() - began));
  tell(t, `${rate} answers a minute`, took, before, anonymous(bench));
});
