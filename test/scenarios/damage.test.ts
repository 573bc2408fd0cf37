// Owns the proof that a damaged database is replaced by the daemon's own backup, that what was lost is named, and that it opens nothing.

import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';

const skip = lacking();

/** Overwrites so many bytes of a file. */
function scribble(path: string, at: number, bytes: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(bytes, 0x5a), 0, bytes, at);
  closeSync(file);
}

const DAMAGES: readonly [string, (path: string) => void][] = [
  ['its first page is overwritten', (path) => scribble(path, 0, 1_024)],
  ['pages in its midst are overwritten', (path) => scribble(path, 4_096, 8_192)],
  ['it is empty', (path) => writeFileSync(path, '')],
  ['it is cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, 10_240))],
  ['it is gone', (path) => rmSync(path)],
];

for (const [what, damage] of DAMAGES) {
  test(`the database is damaged (${what}): the own backup is used, and says what was lost`, {
    skip,
  }, async (t) => {
    const bench = await Bench.started(t);
    const alice = await bench.enrolled('alice');
    // The stop takes a backup; bob comes after it, and the power is cut.
    await bench.restart();
    const bob = await bench.enrolled('bob');
    const code = alice.code(bench.now);
    says(await bench.tries('alice', code), 200);
    says(await bench.recovers('alice', alice.recoveryCodes[0] ?? ''), 200);
    await bench.kill();
    rmSync(bench.file('var', 'state.db-wal'), { force: true });
    const path = bench.file('var', 'state.db');
    damage(path);
    await bench.start();

    assert.deepEqual(await bench.troubles(), ['store-recovered', 'users-not-ready']);
    const { text } = await bench.asRoot('GET /v1/status');
    assert.match(text, /own backup of 2026-.*Lost: bob/);
    if (what !== 'it is gone') assert.ok(statSync(`${path}.damaged`).size >= 0);
    says(await bench.begin('bob'), 403, { because: 'state-lost' });
    says(await bench.begin('carol'), 200, { because: 'not-enrolled' });
    says(await bench.begin('alice'), 401, { form: 'pair' });
    for (const spent of alice.recoveryCodes) says(await bench.recovers('alice', spent), 403);
    says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 403, { because: 'used-code' });
    await bench.kill();
    bench.pass(90);
    await bench.start();
    says(await bench.tries('alice', alice.codes(bench.now - 30_000, 2)), 200);
    bench.pass(30);
    says(await bench.tries('alice', alice.code(bench.now)), 200);
    assert.ok(bob);

    // The way back for bob, and the end of the warning.
    says(await bench.asRoot('POST /v1/users/bob/reset', { reason: 'it is him', what: 'account' }), 204);
    await bench.enrolled('bob');
    rmSync(bench.file('var', 'recovered.json'));
    assert.deepEqual(await bench.troubles(), ['users-not-ready']);
  });
}

test('the newest backup is damaged too: the one before it is used; none: nobody is let in on its word', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  await bench.restart();
  await bench.enrolled('bob');
  await bench.restart();
  await bench.kill();
  const backups = () => readdirSync(bench.file('var', 'backups')).sort();
  assert.equal(backups().length, 2);
  scribble(bench.file('var', 'backups', backups().at(-1) ?? ''), 300, 16);
  scribble(bench.file('var', 'state.db'), 0, 1_024);
  await bench.start();
  says(await bench.begin('alice'), 401, { form: 'pair' });
  says(await bench.begin('bob'), 403, { because: 'state-lost' });
  await bench.kill();
  for (const name of backups()) scribble(bench.file('var', 'backups', name), 300, 16);
  scribble(bench.file('var', 'state.db'), 0, 1_024);
  await bench.start();
  for (const name of ['alice', 'bob', 'carol'])
    says(await bench.begin(name), 403, { because: 'store-unavailable' });
  assert.ok(existsSync(bench.file('var', 'state.db')));
});

test('only the newest seven are kept', { skip }, async (t) => {
  const bench = await Bench.started(t);
  for (let round = 0; round < 9; round++) {
    const { status } = await bench.asRoot('PUT /v1/policy', POLICY, { 'If-Match': `"${round + 1}"` });
    assert.equal(status, 200);
    await bench.restart();
  }
  assert.deepEqual(
    readdirSync(bench.file('var', 'backups')).sort(),
    [3, 4, 5, 6, 7, 8, 9].map((n) => `00000${n}.backup`),
  );
  await bench.restart();
  assert.equal(readdirSync(bench.file('var', 'backups')).length, 7, 'nothing new, no backup');
});

const POLICY = { scope: 'none', graceDays: 3, users: [], groups: [], exceptUsers: [], exceptGroups: [] };
