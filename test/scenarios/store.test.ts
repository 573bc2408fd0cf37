// Owns the proof that a database or key that is missing, foreign, newer, locked or read-only opens no door, and that the daemon comes back by itself.

import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import type { Phone } from './phone.ts';

const skip = lacking();
const NOBODY = 65_534;

/** A daemon that was stopped with alice enrolled, and what then happens to its state. It has no backup of its own. */
async function after(bench: Bench, damage: () => void): Promise<Phone> {
  const phone = await bench.enrolled('alice');
  await bench.stop();
  rmSync(bench.file('var', 'backups'), { recursive: true, force: true });
  damage();
  await bench.start();
  return phone;
}

/** The daemon is down and says so everywhere; it lets nobody in. */
async function down(bench: Bench, because: string, warning: string): Promise<void> {
  says(await bench.begin('alice'), 403, { outcome: 'deny', because });
  says(await bench.begin('bob'), 403, { outcome: 'deny' });
  assert.equal(await bench.health(), 503);
  const status = await bench.cli(['status', '--json']);
  assert.equal(status.code, 2);
  const { state, warnings } = JSON.parse(status.out);
  assert.equal(state, 'down');
  assert.equal(warnings[0].code, warning);
  assert.ok(warnings[0].hint);
  assert.notEqual((await bench.cli(['user', 'enrol', 'bob', '--json'])).code, 0);
}

/** Asks until the daemon is up again. A run of the command line takes long enough not to be a busy wait. */
async function recovered(bench: Bench, phone: Phone): Promise<void> {
  for (let i = 0; i < 40; i++) {
    const { code, out } = await bench.cli(['status', '--json']);
    // 1: the clock of this bench is confirmed by nobody.
    if (code === 1) {
      says(await bench.tries('alice', phone.code(bench.now)), 200);
      return;
    }
    assert.equal(JSON.parse(out).state, 'down');
  }
  assert.fail('the daemon did not come back by itself');
}

test('a text file in place of the database is not a database, and is not touched', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const path = bench.file('var', 'state.db');
  const phone = await after(bench, () => {
    renameSync(path, bench.file('kept.db'));
    writeFileSync(path, 'this is not a database\n'.repeat(400));
  });
  await down(bench, 'store-unavailable', 'store-unavailable');
  renameSync(bench.file('kept.db'), path);
  await recovered(bench, phone);
});

test('another program’s database, and an empty one, are not ours and stay as they are', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const path = bench.file('var', 'state.db');
  await after(bench, () => {
    rmSync(path);
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE diary (day TEXT, text TEXT)');
    db.close();
    copyFileSync(path, bench.file('diary.db'));
  });
  await down(bench, 'store-unavailable', 'store-unavailable');
  await bench.stop();
  assert.ok(readFileSync(path).equals(readFileSync(bench.file('diary.db'))), 'it was not touched');

  writeFileSync(path, '');
  await bench.start();
  await down(bench, 'store-unavailable', 'store-unavailable');
  await bench.stop();
  assert.equal(readFileSync(path).length, 0);
});

test('a newer schema is refused and not touched', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const version = (number: number) => {
    const db = new DatabaseSync(bench.file('var', 'state.db'));
    const { user_version: was } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    db.exec(`PRAGMA user_version = ${number}`);
    db.close();
    return was;
  };
  let ours = 0;
  const phone = await after(bench, () => {
    ours = version(999);
  });
  await down(bench, 'store-unavailable', 'schema-too-new');
  await bench.stop();
  assert.equal(version(ours), 999);
  await bench.start();
  says(await bench.tries('alice', phone.code(bench.now)), 200);
});

test('a database that somebody else holds at start is waited for', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const holder: { db?: DatabaseSync } = {};
  const phone = await after(bench, () => {
    holder.db = new DatabaseSync(bench.file('var', 'state.db'));
    holder.db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE board SET floor = floor');
  });
  await down(bench, 'store-unavailable', 'store-unavailable');
  holder.db?.exec('ROLLBACK');
  holder.db?.close();
  await recovered(bench, phone);
});

test('while the daemon runs nobody else changes its database', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const db = new DatabaseSync(bench.file('var', 'state.db'), { timeout: 0 });
  assert.throws(() => db.exec('DELETE FROM factor'), /locked/);
  db.close();
  says(await bench.begin('alice'), 401);
});

test('a database that is gone is lost state for who had enrolled, never "not enrolled" for anybody', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const path = bench.file('var', 'state.db');
  const phone = await after(bench, () => renameSync(path, bench.file('kept.db')));
  says(await bench.begin('alice'), 403, { because: 'state-lost' });
  says(await bench.begin('bob'), 403, { because: 'store-unavailable' });
  await down(bench, 'state-lost', 'state-lost');
  renameSync(bench.file('kept.db'), path);
  await recovered(bench, phone);
});

test('the whole state folder gone is lost state as well, and no new state is made', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await after(bench, () => renameSync(bench.file('var'), bench.file('kept')));
  says(await bench.begin('alice'), 403, { because: 'key-missing' });
  says(await bench.begin('bob'), 403, { because: 'key-missing' });
  assert.equal(await bench.health(), 503);
  rmSync(bench.file('var'), { recursive: true, force: true });
  renameSync(bench.file('kept'), bench.file('var'));
  await recovered(bench, phone);
});

test('a key that is missing or another board’s shuts the door until it is back', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const key = bench.file('var', 'key', 'master.key');
  const phone = await after(bench, () => renameSync(key, bench.file('kept.key')));
  await down(bench, 'key-missing', 'key-missing');
  for (const wrong of [`fygo-2fa master key 1\n${'A'.repeat(43)}\n`, 'no key at all', '']) {
    await bench.stop();
    writeFileSync(key, wrong);
    await bench.start();
    says(await bench.begin('alice'), 403, { because: 'key-missing' });
    says(await bench.begin('bob'), 403, { because: 'key-missing' });
  }
  copyFileSync(bench.file('kept.key'), key);
  await recovered(bench, phone);
});

const unprivileged = skip || (process.getuid?.() === 0 ? false : 'needs root to become nobody');

test('a state that cannot be written lets nobody in', { skip: unprivileged }, async (t) => {
  const bench = Bench.idle(t, { uid: NOBODY });
  chmodSync(bench.root, 0o777);
  chmodSync(bench.file('etc'), 0o777);
  await bench.start();
  const phone = await after(bench, () => {
    chmodSync(bench.file('var', 'state.db'), 0o400);
    chmodSync(bench.file('var'), 0o500);
  });
  says(await bench.begin('alice'), 403, { because: 'store-unavailable' });
  says(await bench.begin('bob'), 403, { because: 'store-unavailable' });
  assert.equal(await bench.health(), 503);
  chmodSync(bench.file('var'), 0o700);
  chmodSync(bench.file('var', 'state.db'), 0o600);
  await recovered(bench, phone);
});

test('a second daemon on the same root is refused, and the first goes on', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const second = await bench.launch();
  assert.equal(second.code, 1);
  assert.match(second.err, /\bAnother\b/);
  says(await bench.tries('alice', phone.code(bench.now)), 200);
  assert.equal(await bench.health(), 204);
});
