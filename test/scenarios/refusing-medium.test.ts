// Owns the proof that a medium which takes no writes keeps nobody out, lets no code in twice, and is caught up with.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Medium, mountless } from './medium.ts';

const skip = lacking() || mountless();

/** What the status says of the store, besides what else it warns of. */
async function storeOf(bench: Bench): Promise<{ writable: boolean; warnings: string[] }> {
  const { text } = await bench.asRoot('GET /v1/status');
  const { store } = JSON.parse(text) as { store: { writable: boolean } };
  return { writable: store.writable, warnings: await bench.troubles() };
}

test('a file system that goes read-only under the daemon: people go in and out, codes work once', {
  skip,
}, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  await bench.start();
  const alice = await bench.enrolled('alice');
  const bob = await bench.enrolled('bob');
  medium.refuse();

  // The commit that finds out is refused; the next one is kept in memory.
  says(await bench.tries('alice', alice.code(bench.now)), 503, { code: 'store-unavailable' });
  bench.pass(30);
  const code = alice.code(bench.now);
  says(await bench.tries('alice', code), 200);
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
  says(await bench.tries('bob', bob.wrong(bench.now)), 403);
  says(await bench.recovers('bob', bob.recoveryCodes[0] ?? ''), 200);
  says(await bench.recovers('bob', bob.recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  says(await bench.begin('carol'), 200, { because: 'not-enrolled' });
  assert.deepEqual(await storeOf(bench), { writable: false, warnings: ['store-read-only'] });
  assert.equal(await bench.health(), 204);

  // What people would rely on later is refused, with the cause.
  says(await bench.asRoot('POST /v1/users/carol/enrolment'), 503, { code: 'store-read-only' });
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'lost' }), 503, {
    code: 'store-read-only',
  });
  says(await bench.asRoot('POST /v1/users/alice/pass', { reason: 'phone at home' }), 201);

  // A restart of the daemon alone forgets nothing.
  await bench.kill();
  await bench.start();
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
  says(await bench.recovers('bob', bob.recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  says(await bench.recovers('bob', bob.recoveryCodes[1] ?? ''), 200);

  // The medium takes writes again: what was decided in memory is written down.
  await bench.kill();
  medium.repair();
  await bench.start();
  assert.deepEqual(await storeOf(bench), { writable: true, warnings: [] });
  assert.ok(!existsSync(bench.file('run', 'state')));
  assert.ok(!existsSync(bench.file('etc', 'state-in-memory')));
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
  for (const spent of bob.recoveryCodes.slice(0, 2)) says(await bench.recovers('bob', spent), 403);
  says(await bench.recovers('bob', bob.recoveryCodes[2] ?? ''), 200);
  bench.pass(30);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});

test('a start on a read-only medium: two codes of later steps, and no recovery code', { skip }, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  await bench.start();
  const alice = await bench.enrolled('alice');
  await bench.kill();
  medium.readOnly();
  await bench.start();
  // Whose recovery codes ended could not get in without the phone.
  const warnings = ['store-read-only', 'users-not-ready'];
  assert.deepEqual(await storeOf(bench), { writable: false, warnings });
  says(await bench.begin('alice'), 401, { form: 'pair' });
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 403, { because: 'used-code' });
  says(await bench.tries('alice', alice.code(bench.now)), 403, { because: 'form-required' });
  // Two codes have one try in 30 s; a restart of the daemon alone ends the wait, and not what is in memory.
  await bench.kill();
  bench.pass(90);
  await bench.start();
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
  bench.pass(30);
  const code = alice.code(bench.now);
  says(await bench.tries('alice', code), 200);

  // A pass of root's is the way in for who has no phone.
  const { body } = await bench.asRoot('POST /v1/users/alice/pass', { reason: 'phone lost' });
  says(await bench.recovers('alice', body.pass ?? ''), 200);

  // Where the medium comes back under the running daemon, it is found out within seconds.
  medium.writable();
  await bench.until(async () => (await storeOf(bench)).writable);
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
  await bench.restart();
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
});

test('a note that cannot be removed keeps nobody out', { skip }, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  const other = Medium.mounted(bench, 'etc');
  bench.settle();
  await bench.start();
  const alice = await bench.enrolled('alice');
  medium.refuse();
  says(await bench.tries('alice', alice.code(bench.now)), 503);
  bench.pass(30);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
  await bench.kill();
  medium.repair();
  other.readOnly();
  await bench.start();
  bench.pass(30);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});

test('what was decided in memory and lost with a power cut lets nothing in twice', { skip }, async (t) => {
  const bench = Bench.idle(t);
  const medium = Medium.mounted(bench, 'var');
  await bench.start();
  const alice = await bench.enrolled('alice');
  medium.refuse();
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 503);
  says(await bench.recovers('alice', alice.recoveryCodes[1] ?? ''), 200);
  const code = alice.code(bench.now);
  says(await bench.tries('alice', code), 200);
  await bench.kill();
  bench.forgetMemory();
  medium.repair();
  await bench.start();
  says(await bench.begin('alice'), 401, { form: 'pair' });
  says(await bench.recovers('alice', alice.recoveryCodes[1] ?? ''), 403, { because: 'wrong-code' });
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 403, { because: 'used-code' });
  await bench.kill();
  bench.pass(90);
  await bench.start();
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
});
