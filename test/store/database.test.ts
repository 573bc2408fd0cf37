// Owns the proof of how the SQLite file is opened, brought up to date, and refused.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { assetsBelow } from '../../daemon/assets.ts';
import { type Migration, migrations, openDatabase, schemaVersion } from '../../daemon/store/database.ts';
import { temporaryFolder } from './board.ts';
import { commits } from './system.ts';

const first: Migration = { version: 1, sql: 'CREATE TABLE a (x INTEGER NOT NULL) STRICT' };
const second: Migration = { version: 2, sql: 'ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO a VALUES (1, 2)' };
const third: Migration = { version: 3, sql: 'CREATE TABLE b (x); INSERT INTO b SELECT x FROM a' };

const pragma = (db: DatabaseSync, name: string) =>
  Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0];
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('what durability and integrity rest on is in force, at the first opening and at the next', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  for (const create of [true, false]) {
    const db = openDatabase(path, create);
    const names = ['journal_mode', 'synchronous', 'wal_autocheckpoint', 'foreign_keys', 'locking_mode'];
    assert.deepEqual(
      names.map((name) => pragma(db, name)),
      ['wal', 2, 64, 1, 'exclusive'],
    );
    assert.deepEqual(
      ['page_size', 'trusted_schema', 'cell_size_check', 'busy_timeout', 'application_id'].map((name) =>
        pragma(db, name),
      ),
      [1_024, 0, 1, 0, 0x46793241],
    );
    db.close();
  }
});

test('while it is open nobody else reads or writes it', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  const db = openDatabase(path, true);
  t.after(() => db.close());
  assert.throws(() => openDatabase(path, false), { code: 'store-unavailable' });
  const other = `import { DatabaseSync } from 'node:sqlite';
    const db = new DatabaseSync(process.argv[1]);
    for (const sql of ['SELECT count(*) FROM user', "DELETE FROM user"]) {
      try { db.exec(sql); console.log('done'); } catch (error) { console.log(error.message); }
    }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', other, path], {
    encoding: 'utf8',
  });
  assert.equal(said, 'database is locked\ndatabase is locked\n');
});

test('the migrations that are shipped are numbered from 1, and each version can be reached', (t) => {
  const steps = migrations();
  assert.deepEqual(
    steps.map(({ version }) => version),
    steps.map((_, index) => index + 1),
  );
  const path = join(temporaryFolder(t), 'state.db');
  const db = openDatabase(path, true);
  t.after(() => db.close());
  assert.equal(schemaVersion(db), steps.length);
});

test('a gap, a number twice and a start other than 1 are refused; other files are not migrations', (t) => {
  const folder = temporaryFolder(t);
  const made = (name: string, ...files: string[]) => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const file of files) writeFileSync(join(path, file), `SELECT '${file}'`);
    return path;
  };
  const right = migrations(
    assetsBelow(made('right', '0002-b.sql', '0001-a.sql', 'README.md', '3-c.sql', '0003-C.sql')),
    '.',
  );
  assert.deepEqual(right, [
    { version: 1, sql: "SELECT '0001-a.sql'" },
    { version: 2, sql: "SELECT '0002-b.sql'" },
  ]);
  assert.throws(() => migrations(assetsBelow(made('gap', '0001-a.sql', '0003-c.sql')), '.'), /numbered/);
  assert.throws(() => migrations(assetsBelow(made('twice', '0001-a.sql', '0001-b.sql')), '.'), /numbered/);
  assert.throws(() => migrations(assetsBelow(made('late', '0002-a.sql')), '.'), /numbered/);
});

for (const from of [1, 2]) {
  test(`a database of version ${from} is brought to 3 and keeps what is in it`, (t) => {
    const path = join(temporaryFolder(t), 'state.db');
    const steps = [first, second, third];
    const old = openDatabase(path, true, steps.slice(0, from));
    old.exec('INSERT INTO a (x) VALUES (7)');
    assert.equal(schemaVersion(old), from);
    old.close();
    const db = openDatabase(path, false, steps);
    t.after(() => db.close());
    assert.equal(schemaVersion(db), 3);
    const xs = db.prepare('SELECT x FROM b ORDER BY x').all() as { x: number }[];
    assert.deepEqual(
      xs.map(({ x }) => x),
      [1, 7],
    );
  });
}

test('one that a newer program wrote is refused, and not a byte of it changes', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  openDatabase(path, true, [first, second]).close();
  const before = [digest(path), statSync(path).mtimeMs];
  assert.throws(
    () => openDatabase(path, false, [first]),
    (error: { code: string; message: string }) =>
      error.code === 'schema-too-new' && /schema 2; this one knows up to 1/.test(error.message),
  );
  assert.deepEqual([digest(path), statSync(path).mtimeMs], before);
  assert.equal(existsSync(`${path}-wal`), false);
});

test('a migration and its number are one transaction: a power cut leaves both or neither', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  openDatabase(path, true, [first]).close();
  const db = openDatabase(path, false, [first, second, third]);
  t.after(() => db.close());
  assert.equal(commits(path), 2);
});

test('a migration that fails half-way leaves the version before it, and nothing of itself', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  openDatabase(path, true, [first]).close();
  const broken = { version: 3, sql: 'CREATE TABLE half (x); INSERT INTO no_such_table VALUES (1)' };
  assert.throws(() => openDatabase(path, false, [first, second, broken]), { code: 'store-unavailable' });
  const db = openDatabase(path, false, [first, second]);
  t.after(() => db.close());
  assert.equal(schemaVersion(db), 2);
  assert.equal(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()?.n, 0);
});

test("another program's database, an empty file and a text are not believed", (t) => {
  const folder = temporaryFolder(t);
  const foreign = join(folder, 'foreign.db');
  const other = new DatabaseSync(foreign);
  other.exec('CREATE TABLE user (id, name)');
  other.close();
  writeFileSync(join(folder, 'empty.db'), '');
  writeFileSync(join(folder, 'text.db'), 'not a database '.repeat(100));
  for (const name of ['foreign.db', 'empty.db', 'text.db']) {
    const path = join(folder, name);
    const before = digest(path);
    assert.throws(() => openDatabase(path, false), { code: 'store-unavailable' }, name);
    assert.equal(digest(path), before, name);
  }
  assert.throws(() => openDatabase(foreign, true), { code: 'store-unavailable' });
});

test('a damaged page is found at opening', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  const db = openDatabase(path, true);
  db.exec('BEGIN');
  const insert = db.prepare('INSERT INTO user (name, uid, generation, counter) VALUES (?, ?, 1, 0)');
  for (let n = 0; n < 2_000; n++) insert.run(`user${n}`, n);
  db.exec('COMMIT');
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0x55, bytes.length - 4_096);
  writeFileSync(path, bytes);
  assert.throws(() => openDatabase(path, false), { code: 'store-unavailable' });
});

test('a program that is not ours reads it as a sound SQLite file', { skip: noSqlite3() }, (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  openDatabase(path, true).close();
  const ask = (sql: string) => execFileSync('sqlite3', [path, sql], { encoding: 'utf8' }).trim();
  assert.equal(ask('PRAGMA integrity_check'), 'ok');
  assert.equal(ask('PRAGMA user_version'), String(migrations().length));
  assert.equal(
    ask(
      "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0",
    ),
    '0',
  );
});

function noSqlite3(): string | false {
  try {
    execFileSync('sqlite3', ['-version']);
    return false;
  } catch {
    return 'the program sqlite3 is not installed';
  }
}
