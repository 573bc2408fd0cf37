// Owns the proof of group commit: one flush for many, each write undone alone, and nobody told too early.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { GroupCommit } from '../../daemon/store/group.ts';
import { WriteAheadLog } from '../../daemon/store/write-ahead-log.ts';
import { makeTables, NOW, temporaryFolder } from './board.ts';
import { commits, limitFileSize, strace, withoutPrlimit, withoutStrace } from './system.ts';

const urlOf = (name: string) => new URL(`../../daemon/store/${name}`, import.meta.url).href;

const names = (db: DatabaseSync) =>
  db
    .prepare('SELECT name FROM user ORDER BY id')
    .all()
    .map(({ name }) => name);

function setUp(t: Parameters<typeof makeTables>[0]) {
  const made = makeTables(t);
  // As the state does it: the log is flushed by us, once for all who share a commit.
  made.db.exec('PRAGMA synchronous = NORMAL');
  const log = new WriteAheadLog(made.path);
  t.after(() => log.close());
  return { ...made, group: new GroupCommit(made.db, log), users: made.tables.users };
}

function unavailable(error: unknown): true {
  assert.ok(error instanceof Fault, String(error));
  assert.equal(error.code, 'store-unavailable');
  return true;
}

test('fifty writes that arrive together are one transaction, run and answered in their order', async (t) => {
  const { group, users, path, db } = setUp(t);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const ran: number[] = [];
  const answered: number[] = [];
  const all = Array.from({ length: 50 }, (_, n) =>
    group
      .write(() => {
        ran.push(n);
        return users.add(`user${n}`, n).id;
      })
      .then((id) => {
        answered.push(n);
        return id;
      }),
  );
  assert.deepEqual(ran, [], 'nothing runs before the caller has given way');
  const ids = await Promise.all(all);
  assert.equal(new Set(ids).size, 50);
  assert.equal(commits(path), 1);
  assert.deepEqual(ran, [...ran.keys()]);
  assert.deepEqual(answered, ran);
  await group.write(() => users.add('late', 1_000));
  assert.equal(commits(path), 2);
});

test('nobody is answered before the flush, which is one for all of them', { skip: withoutStrace() }, (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  const script = `
    import { writeFileSync } from 'node:fs';
    import { openDatabase } from ${JSON.stringify(urlOf('database.ts'))};
    import { GroupCommit } from ${JSON.stringify(urlOf('group.ts'))};
    import { WriteAheadLog } from ${JSON.stringify(urlOf('write-ahead-log.ts'))};
    const path = ${JSON.stringify(path)};
    const db = openDatabase(path, true);
    db.exec('PRAGMA synchronous = NORMAL');
    const group = new GroupCommit(db, new WriteAheadLog(path));
    const add = db.prepare('INSERT INTO user (name, uid, generation, counter) VALUES (?, ?, 1, 0)');
    const write = (n) => group.write(() => add.run('user' + n, n));
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await write(0);
    writeFileSync(path + '.begun', '');
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(n + 1)));
    writeFileSync(path + '.answered', '');
    await group.write(() => db.prepare('SELECT 1').get());
    writeFileSync(path + '.read', '');
  `;
  const calls = strace(script, ['openat', 'pwrite64', 'fdatasync', 'fsync'], path);
  const at = (name: string) => calls.indexOf(`openat state.db.${name}`);
  const between = calls.slice(at('begun') + 1, at('answered'));
  assert.ok(between.length >= 2, calls.join(', '));
  assert.equal(between.pop(), 'fdatasync state.db-wal');
  assert.deepEqual(new Set(between), new Set(['pwrite64 state.db-wal']));
  assert.deepEqual(
    calls.slice(at('answered') + 1, at('read')),
    [],
    'a write that changed nothing costs no flush',
  );
});

test('a flush that fails is told to all, and what is on the medium is unknown from then on', async (t) => {
  const { db, tables } = makeTables(t);
  const group = new GroupCommit(db, {
    flush: () => {
      throw new Error('EIO');
    },
  });
  const results = await Promise.allSettled([
    group.write(() => tables.users.add('alice', 1)),
    group.write(() => {
      throw new Error('its own');
    }),
  ]);
  for (const result of results) unavailable(result.status === 'rejected' && result.reason);
  assert.deepEqual([group.healthy, group.broken], [false, true]);
});

test('what one write throws undoes that write alone, and reaches its own caller as it was', async (t) => {
  const { group, users, db } = setUp(t);
  const own = new Fault('policy-changed', 'somebody was faster', 'again');
  const results = await Promise.allSettled([
    group.write(() => users.add('alice', 1)),
    group.write(() => {
      users.add('bob', 2);
      throw own;
    }),
    group.write(() => users.add('carol', 3).name),
    group.write(() => {
      throw undefined;
    }),
    group.write(() => users.add('dave', 1)),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'rejected'],
  );
  const reasons = results.map((result) => (result.status === 'rejected' ? result.reason : null));
  assert.equal(reasons[1], own);
  assert.ok(reasons[3] instanceof Error);
  unavailable(reasons[4]);
  assert.deepEqual(names(db), ['alice', 'carol']);
  assert.equal(group.healthy, true);
});

test('a commit that fails is told to all who shared it, and nothing of it stays', async (t) => {
  const { group, tables, users, db } = setUp(t);
  await group.write(() => users.add('before', 1));
  const shared = [
    group.write(() => users.add('alice', 2)),
    group.write(() => {
      // Checked at COMMIT, which then fails.
      db.exec('PRAGMA defer_foreign_keys = ON');
      tables.factors.burn(99, 5);
    }),
    group.write(() => users.add('bob', 3)),
    group.write(() => {
      throw new Error('its own');
    }),
  ];
  const results = await Promise.allSettled(shared);
  for (const result of results) unavailable(result.status === 'rejected' && result.reason);
  assert.equal(group.healthy, false);
  assert.equal(db.isTransaction, false);
  assert.deepEqual(names(db), ['before']);
  await group.write(() => users.add('after', 4));
  assert.equal(group.healthy, true);
  assert.deepEqual(names(db), ['before', 'after']);
});

test('a full medium: refused to all, nothing stays, small writes go on, and later it is well again', {
  skip: withoutPrlimit(),
}, async (t) => {
  const { group, tables, users, db } = setUp(t);
  // As the daemon is after a while: the log has its size, and is written over.
  const warm = await group.write(() => users.add('warm', 0));
  for (let n = 1; n < 20; n++) await group.write(() => users.save({ ...warm, counter: n }));
  const large = () => {
    for (let n = 0; n < 300; n++) {
      const row = {
        at: NOW,
        user: 'x'.repeat(2_000),
        service: null,
        address: null,
        outcome: 'x',
        because: null,
      };
      tables.audit.add(row);
    }
  };
  const restore = limitFileSize(150_000);
  try {
    const shared = [group.write(() => users.add('alice', 100)), group.write(large)];
    for (const result of await Promise.allSettled(shared)) {
      unavailable(result.status === 'rejected' && result.reason);
    }
    assert.equal(group.healthy, false);
    assert.equal(users.byName('alice'), null);
    assert.equal(tables.audit.rows({ limit: 1 }).length, 0);
    for (let n = 0; n < 20; n++) await group.write(() => users.save({ ...warm, counter: n }));
    assert.equal(group.healthy, true);
  } finally {
    restore();
  }
  await group.write(large);
  assert.equal(tables.audit.rows({ limit: 1_000 }).length, 300);
  assert.equal(group.healthy, true);
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
});

test('SQLite gives up the whole transaction when a write finds no room: so it is told to all of them', async (t) => {
  const { group, tables, users, db } = setUp(t);
  db.exec(`PRAGMA max_page_count = ${db.prepare('PRAGMA page_count').get()?.page_count}`);
  let reached = false;
  const results = await Promise.allSettled([
    group.write(() => users.add('alice', 1)),
    group.write(() => {
      const user = 'x'.repeat(50_000);
      tables.audit.add({ at: NOW, user, service: null, address: null, outcome: 'x', because: null });
    }),
    group.write(() => {
      reached = true;
    }),
  ]);
  for (const result of results) unavailable(result.status === 'rejected' && result.reason);
  assert.equal(reached, false);
  assert.equal(group.healthy, false);
  await group.write(() => users.add('bob', 2));
  assert.deepEqual(names(db), ['bob']);
  assert.equal(group.healthy, true);
});

test('a write asked for inside a write, or by who was just answered, comes in the next transaction', async (t) => {
  const { group, users, db, path } = setUp(t);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  let inner: Promise<unknown> = Promise.resolve();
  await group.write(() => {
    inner = group.write(() => users.add('inner', 1));
    return users.add('outer', 2);
  });
  assert.deepEqual(names(db), ['outer']);
  await inner;
  assert.equal(commits(path), 2);
  await group.write(() => users.add('first', 3)).then(() => group.write(() => users.add('second', 4)));
  assert.equal(commits(path), 4);
  assert.deepEqual(names(db), ['outer', 'inner', 'first', 'second']);
});

test('flush commits at once what waits, and with nothing waiting commits nothing', async (t) => {
  const { group, users, db, path } = setUp(t);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const waiting = group.write(() => users.add('alice', 1));
  group.flush();
  assert.deepEqual(names(db), ['alice']);
  group.flush();
  await waiting;
  assert.equal(commits(path), 1);
});

test('a database that is gone is a refusal, not a crash', async (t) => {
  const { group, users, db } = setUp(t);
  db.close();
  await assert.rejects(
    group.write(() => users.add('alice', 1)),
    unavailable,
  );
  assert.equal(group.healthy, false);
});
