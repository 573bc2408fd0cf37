// Owns the proof that a daemon killed just before any of its decisive system calls comes back sound.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { type Reply, says } from './client.ts';
import { Phone } from './phone.ts';
import { fromTheStart, killAt, traced } from './strace.ts';

const skip = lacking('strace');

/** Starts a new board, killing it before its `nth` `call`; false when it made fewer and got ready. */
async function cutShort(t: TestContext, call: string, nth: number): Promise<boolean> {
  const bench = Bench.idle(t);
  const { code, err } = await bench.launch(fromTheStart(killAt(call, nth)));
  if (code === null) return false;
  assert.equal(code, 128, err);
  await bench.start();
  assert.deepEqual(await bench.troubles(), []);
  assert.ok(!existsSync(bench.file('var', 'initialising')));
  assert.match(readFileSync(bench.file('etc', 'roster'), 'utf8'), /^fygo-2fa roster 1\nmac /);
  says(await bench.begin('alice'), 200, { because: 'not-enrolled' });
  await bench.kill();
  return true;
}

for (const call of ['fsync', 'rename', 'unlink']) {
  test(`a new board killed before any ${call} of its first start starts over`, { skip }, async (t) => {
    let moments = 0;
    while (await cutShort(t, call, moments + 1)) moments++;
    assert.ok(moments >= 2, `it was killed at ${moments} moments`);
    t.diagnostic(`killed at ${moments} moments`);
  });
}

/** Which of the daemon's calls it is killed before. Some answers are out before the last ones. */
const MOMENTS: readonly [call: string, nth: number][] = [
  ['pwrite64', 1],
  ['fdatasync', 1],
  ['fsync', 1],
  ['fsync', 2],
  ['rename', 1],
  ['write', 1],
  ['write', 2],
];

/** What is left of a call during which the daemon is killed: its answer, if that came out. */
async function interrupted(
  bench: Bench,
  [call, nth]: readonly [string, number],
  ask: () => Promise<Reply>,
): Promise<Reply | null> {
  const replies: (Reply | null)[] = [];
  await traced(bench, killAt(call, nth), async () => {
    replies.push(await ask().catch(() => null));
  });
  await bench.kill();
  await bench.start();
  assert.deepEqual(await bench.troubles(), []);
  return replies[0] ?? null;
}

test('a recovery code works at most once, whenever the daemon is killed', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  const met = { unspent: 0, spent: 0 };
  for (const [i, moment] of MOMENTS.entries()) {
    const code = recoveryCodes[i] ?? '';
    const login = await bench.challenged('alice');
    const answer = { login, user: 'alice', method: 'recovery-code', code };
    const reply = await interrupted(bench, moment, () => bench.login('answer', answer));
    const again = await bench.recovers('alice', code);
    assert.ok(again.status === 403 || (again.status === 200 && reply === null), moment.join(' '));
    says(await bench.recovers('alice', code), 403, { because: 'wrong-code' });
    if (reply === null) met[again.status === 200 ? 'unspent' : 'spent']++;
  }
  assert.ok(met.unspent > 0 && met.spent > 0, `on both sides of the commit: ${JSON.stringify(met)}`);
});

test('an enrolment is there or not, never half, whenever the daemon is killed', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const met = { absent: 0, there: 0 };
  for (const moment of MOMENTS) {
    const phone = new Phone((await bench.asRoot('POST /v1/users/bob/enrolment')).body.secret ?? '');
    const code = phone.code(bench.now);
    const confirm = () => bench.asRoot('POST /v1/users/bob/enrolment/confirm', { code });
    const reply = await interrupted(bench, moment, confirm);
    const begun = await bench.begin('bob');
    bench.pass(30);
    if (begun.status === 200) {
      says(begun, 200, { because: 'not-enrolled' });
      assert.equal(reply, null);
      met.absent++;
      continue;
    }
    says(begun, 401, { outcome: 'challenge' });
    says(await bench.tries('bob', phone.code(bench.now)), 200);
    says(await bench.asRoot('POST /v1/users/bob/reset', { reason: 'once more' }), 200);
    if (reply === null) met.there++;
  }
  assert.ok(met.absent > 0 && met.there > 0, `on both sides of the commit: ${JSON.stringify(met)}`);
});
