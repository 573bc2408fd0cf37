// Owns the proof that the roster remembers what a database may have forgotten: who enrolled, and which codes were used.

import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';

const skip = lacking();

/** The database as it is now, to be put back later. */
async function keepDatabase(bench: Bench): Promise<void> {
  await bench.stop();
  copyFileSync(bench.file('var', 'state.db'), bench.file('older.db'));
  await bench.start();
}

/** An older database in place of the newest, as a restored snapshot would be. */
async function putBack(bench: Bench): Promise<void> {
  await bench.stop();
  copyFileSync(bench.file('older.db'), bench.file('var', 'state.db'));
  await bench.start();
}

test('a roster that is gone is made again from the database', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  await bench.stop();
  rmSync(bench.file('etc', 'roster'));
  await bench.start();
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  assert.match(readFileSync(bench.file('etc', 'roster'), 'utf8'), /^1000 \d+ alice$/m);
});

test('a roster that was tampered with is set aside, said so, and its names are kept', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  await bench.stop();
  const path = bench.file('etc', 'roster');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^1000 \d+ alice$/m, '1001 1 bob'));
  await bench.start();
  assert.ok(existsSync(`${path}.broken`));
  const status = await bench.cli(['status', '--json']);
  assert.equal(status.code, 1);
  assert.ok(JSON.parse(status.out).warnings.some(({ code }: { code: string }) => code === 'roster-invalid'));
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  says(await bench.begin('bob'), 403, { because: 'state-lost' });
  assert.match(readFileSync(path, 'utf8'), /^1000 \d+ alice$/m);
});

test('in an older database a used recovery code stays used, and tokens are dead', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const [used = '', unused = ''] = phone.recoveryCodes;
  await keepDatabase(bench);
  const { deviceToken } = (await bench.recovers('alice', used)).body;
  await putBack(bench);
  says(await bench.recovers('alice', used), 403, { because: 'wrong-code' });
  says(await bench.recovers('alice', unused), 403, { because: 'wrong-code' });

  // A one-time password is asked for twice, and only of the time after the rollback.
  says(await bench.begin('alice', { deviceToken }), 401, { form: 'pair', methods: ['totp'] });
  says(await bench.tries('alice', phone.code(bench.now)), 403, { because: 'form-required' });
  bench.pass(90);
  says(await bench.tries('alice', phone.codes(bench.now - 30_000, 2)), 200);
  bench.pass(30);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('codes of the time before a rollback open nothing, even two in a row', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  await keepDatabase(bench);
  bench.pass(60);
  const seen = phone.codes(bench.now - 30_000, 2);
  says(await bench.tries('alice', seen), 200);
  says(await bench.recovers('alice', phone.recoveryCodes[0] ?? ''), 200);
  await putBack(bench);
  says(await bench.tries('alice', seen), 403, { because: 'used-code' });
});

test('in a database from before the enrolment the user is lost, not "not enrolled"', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await keepDatabase(bench);
  for (const name of ['alice', 'root']) await bench.enrolled(name);
  await putBack(bench);
  // toor is another name of root's uid.
  for (const name of ['alice', '1000', 'root', 'toor']) {
    says(await bench.begin(name), 403, { outcome: 'deny', because: 'state-lost' });
  }
  says(await bench.begin('bob'), 200, { because: 'not-enrolled' });
  says(await bench.asRoot('POST /v1/users/alice/enrolment'), 409, { code: 'state-lost' });

  const forget = ['user', 'reset', 'alice', '--delete', '--yes', '--reason', 'started over'];
  assert.equal((await bench.cli(forget)).code, 0);
  const phone = await bench.enrolled('alice');
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('a database from between a reset and a new enrolment does not say "not enrolled" either', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'new phone' }), 200);
  await keepDatabase(bench);
  says(await bench.begin('alice'), 200, { because: 'not-enrolled' });
  await bench.enrolled('alice');
  await putBack(bench);
  says(await bench.begin('alice'), 403, { because: 'state-lost' });
});

const unprivileged = skip || (process.getuid?.() === 0 ? false : 'needs root to become nobody');

test('where the roster cannot be written, codes work, and what must be in it does not', {
  skip: unprivileged,
}, async (t) => {
  const bench = Bench.idle(t, { uid: 65_534 });
  chmodSync(bench.root, 0o777);
  chmodSync(bench.file('etc'), 0o777);
  await bench.start();
  const phone = await bench.enrolled('alice');
  chmodSync(bench.file('etc'), 0o555);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  const [code = ''] = phone.recoveryCodes;
  const refused = await bench.recovers('alice', code);
  says(refused, 503, { code: 'store-unavailable' });
  assert.deepEqual(await bench.troubles(), ['roster-unwritable']);
  const offer = await bench.asRoot('POST /v1/users/bob/enrolment');
  says(offer, 201);

  chmodSync(bench.file('etc'), 0o777);
  await bench.restart();
  says(await bench.recovers('alice', code), 403, { because: 'wrong-code' });
  assert.deepEqual(await bench.troubles(), []);
});
