// Owns the proof that a backup brings a board back, here or elsewhere, and never brings a spent code back.

import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import type { Phone } from './phone.ts';

const skip = lacking();
const PASSPHRASE = 'correct horse battery staple';

/** One run of the command line that has to succeed; what it printed as JSON. */
async function done(bench: Bench, words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await bench.cli([...words, '--json']);
  assert.equal(code, 0, out + err);
  return JSON.parse(out);
}

async function refused(bench: Bench, words: readonly string[], code: string): Promise<void> {
  const run = await bench.cli([...words, '--json']);
  assert.notEqual(run.code, 0);
  assert.equal(JSON.parse(run.out).error.code, code, run.out);
}

function passphrase(bench: Bench, text = PASSPHRASE): string[] {
  writeFileSync(bench.file('passphrase'), `${text}\n`);
  return ['--passphrase-file', bench.file('passphrase')];
}

async function saved(bench: Bench): Promise<string> {
  const file = bench.file('saved.backup');
  await done(bench, ['backup', file, ...passphrase(bench)]);
  return file;
}

async function restored(bench: Bench, file: string): Promise<Record<string, unknown>> {
  await bench.stop();
  const report = await done(bench, ['restore', file, ...passphrase(bench)]);
  await bench.start();
  return report;
}

/** Alice's phone, and a backup taken with her enrolled. */
async function withBackup(t: TestContext): Promise<{ bench: Bench; alice: Phone; file: string }> {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  return { bench, alice, file: await saved(bench) };
}

test('what was spent after the backup stays spent after a restore', { skip }, async (t) => {
  const { bench, alice, file } = await withBackup(t);
  const code = alice.code(bench.now);
  says(await bench.tries('alice', code), 200);
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 200);
  const report = await restored(bench, file);
  assert.partialDeepStrictEqual(report, {
    sameBoard: true,
    users: ['alice'],
    codesEnded: ['alice'],
    lost: [],
  });
  // Codes that may have been spent since have ended, so nobody could get in without the phone.
  assert.deepEqual(await bench.troubles(), ['users-not-ready']);
  says(await bench.begin('alice'), 401, { form: 'pair' });
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 403, { because: 'used-code' });
  for (const spent of alice.recoveryCodes) says(await bench.recovers('alice', spent), 403);
  bench.pass(90);
  await bench.restart();
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
});

test('recovery codes that were certainly not spent work on after a restore here', { skip }, async (t) => {
  const { bench, alice, file } = await withBackup(t);
  const report = await restored(bench, file);
  assert.deepEqual(report.codesEnded, []);
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 200);
  says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 403);
});

test('who enrolled after the backup is locked out, never "not enrolled"', { skip }, async (t) => {
  const { bench, file } = await withBackup(t);
  await bench.enrolled('bob');
  const report = await restored(bench, file);
  assert.deepEqual(report.lost, ['bob']);
  says(await bench.begin('bob'), 403, { because: 'state-lost' });
  says(await bench.begin('carol'), 200, { because: 'not-enrolled' });
  says(await bench.asRoot('POST /v1/users/bob/reset', { reason: 'restored', what: 'account' }), 204);
  await bench.enrolled('bob');
});

test('onto another board: the phone works with two codes, recovery codes and browsers do not', {
  skip,
}, async (t) => {
  const { bench, alice, file } = await withBackup(t);
  const login = await bench.tries('alice', alice.code(bench.now));
  const other = await Bench.started(t);
  other.setClock(bench.now + 90_000);
  await other.stop();
  const report = await done(other, ['restore', file, ...passphrase(other)]);
  assert.partialDeepStrictEqual(report, { sameBoard: false, codesEnded: ['alice'] });
  await other.start();
  assert.deepEqual(await other.troubles(), ['users-not-ready']);
  says(await other.begin('alice', { deviceToken: login.body.deviceToken }), 401, { form: 'pair' });
  says(await other.recovers('alice', alice.recoveryCodes[0] ?? ''), 403, { because: 'wrong-code' });
  other.pass(60);
  says(await other.tries('alice', alice.codes(other.now - 30_000, 2)), 200);
  other.pass(30);
  says(await other.tries('alice', alice.code(other.now)), 200);
});

test('settings alone: no passphrase, no secret in the file, and users stay as they are', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  const file = bench.file('settings.backup');
  await done(bench, ['backup', file, '--without-secrets']);
  assert.doesNotMatch(readFileSync(file, 'utf8'), /secret|alice|recovery|"key":"/);
  const policy = { scope: 'all', graceDays: 3, users: [], groups: [], exceptUsers: [], exceptGroups: [] };
  const set = await bench.asRoot('PUT /v1/policy', { ...policy, force: true }, { 'If-Match': '"1"' });
  says(set, 200);
  await bench.stop();
  assert.partialDeepStrictEqual(await done(bench, ['restore', file]), { secrets: false, users: [] });
  await bench.start();
  says(await bench.asRoot('GET /v1/policy'), 200, { scope: 'none' });
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});

test('a dry run, a wrong passphrase, a changed file, a running daemon: nothing changes', {
  skip,
}, async (t) => {
  const { bench, alice, file } = await withBackup(t);
  await refused(bench, ['restore', file, ...passphrase(bench)], 'already-running');
  await refused(bench, ['backup', bench.file('x'), ...passphrase(bench, 'too short')], 'usage');
  await bench.stop();
  const before = readFileSync(bench.file('var', 'state.db'));
  const dry = await done(bench, ['restore', file, '--dry-run', ...passphrase(bench)]);
  assert.partialDeepStrictEqual(dry, { dryRun: true, users: ['alice'] });
  await refused(
    bench,
    ['restore', file, ...passphrase(bench, 'correct horse battery stable')],
    'backup-locked',
  );
  const bytes = readFileSync(file);
  for (const at of [0, 20, 60, 400, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(bench.file('changed'), changed);
    const run = await bench.cli(['restore', bench.file('changed'), ...passphrase(bench), '--json']);
    assert.match(JSON.parse(run.out).error.code, /^backup-/, `byte ${at}`);
  }
  writeFileSync(bench.file('changed'), bytes.subarray(0, -7));
  await refused(bench, ['restore', bench.file('changed'), ...passphrase(bench)], 'backup-locked');
  assert.ok(readFileSync(bench.file('var', 'state.db')).equals(before));
  await bench.start();
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});

test('a new master key: phones and recovery codes work on, known browsers do not', { skip }, async (t) => {
  const { bench, alice, file } = await withBackup(t);
  const first = await bench.tries('alice', alice.code(bench.now));
  for (const turn of [0, 1]) {
    await refused(bench, ['key', 'rotate'], 'already-running');
    await bench.stop();
    const key = readFileSync(bench.file('var', 'key', 'master.key'));
    assert.deepEqual(await done(bench, ['key', 'rotate']), { sealed: 1 });
    assert.ok(!readFileSync(bench.file('var', 'key', 'master.key')).equals(key));
    await bench.start();
    assert.deepEqual(await bench.troubles(), []);
    bench.pass(30);
    says(await bench.tries('alice', alice.code(bench.now)), 200);
    says(await bench.recovers('alice', alice.recoveryCodes[turn] ?? ''), 200);
    says(await bench.recovers('alice', alice.recoveryCodes[turn] ?? ''), 403);
  }
  assert.ok(first.body.deviceToken);
  // A backup of before brings its key along.
  const report = await restored(bench, file);
  assert.partialDeepStrictEqual(report, { sameBoard: false, users: ['alice'] });
  bench.pass(90);
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
});

const unprivileged = skip || (process.getuid?.() === 0 ? false : 'needs root to become nobody');

test("what root restores, or seals anew, stays the daemon's own", { skip: unprivileged }, async (t) => {
  const NOBODY = 65_534;
  const bench = Bench.idle(t, { uid: NOBODY });
  for (const folder of [bench.root, bench.file('etc')]) chmodSync(folder, 0o777);
  await bench.start();
  const alice = await bench.enrolled('alice');
  const file = await saved(bench);
  await bench.stop();
  for (const words of [
    ['key', 'rotate'],
    ['restore', file, ...passphrase(bench)],
  ]) {
    await done(bench, words);
    const state = readdirSync(bench.file('var'), { recursive: true, encoding: 'utf8' });
    const paths = [bench.file('etc', 'roster'), ...state.map((path) => bench.file('var', path))];
    assert.deepEqual(
      paths.filter((path) => statSync(path).uid !== NOBODY),
      [],
      words[0],
    );
  }
  await bench.start();
  bench.pass(90);
  says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
});
