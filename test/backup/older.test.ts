// Owns the proof that a backup of an older schema restores, one that does not fit changes nothing, and one of a newer is refused.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { Payload } from '../../daemon/backup/payload.ts';
import { toCells } from '../../daemon/backup/payload.ts';
import { restore } from '../../daemon/backup/restore.ts';
import { contentsOf } from '../../daemon/store/contents.ts';
import { migrations, openDatabase } from '../../daemon/store/database.ts';
import { factorOf, makeBoard, NOW, temporaryFolder, withAlice } from '../store/board.ts';

const HEADER = { lock: 'passphrase', takenAt: '2026-10-01T00:00:00Z', program: '0.0.1' } as const;
const KEY = `fygo-2fa master key 1\n${'B'.repeat(43)}\n`;

/** What the first version would have written: its schema, with one user. */
function firstVersions(folder: string): Payload {
  const path = join(folder, 'first.db');
  const db = openDatabase(path, true, migrations().slice(0, 1));
  db.exec(`INSERT INTO user VALUES (4, 'dora', 1004, 3, 9, NULL, NULL);
    INSERT INTO policy VALUES (1, 'all', 7, 5, 0)`);
  const { secret: _secret, ...columns } = factorOf(4);
  const names = Object.keys(columns).map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
  db.prepare(
    `INSERT INTO factor (secret, ${names.join(', ')}) VALUES (x'00', ${names.map(() => '?').join(', ')})`,
  ).run(...Object.values(columns));
  const { tables, sequences } = contentsOf(db, ['user', 'factor', 'policy', 'burnt_step', 'recovery_code']);
  db.close();
  const cells = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, toCells(rows)]));
  return { schema: 1, key: KEY, floor: 0, tables: cells, sequences: { ...sequences } };
}

test('a backup of the first schema restores on this one, and numbers go on', (t) => {
  const board = makeBoard(t);
  mkdirSync(board.folder, { recursive: true });
  const state = board.open();
  state.close();
  const payload = firstVersions(temporaryFolder(t));
  const done = restore(board.options(), { header: HEADER, payload }, NOW, false);
  assert.deepEqual([done.users, done.sameBoard, done.schema], [['dora'], false, 1]);
  const again = board.open();
  assert.equal(again.problem(), null);
  const dora = again.read((tables) => tables.users.byName('dora'));
  assert.deepEqual([dora?.id, dora?.counter, dora?.generation], [4, 10, 4]);
  assert.equal(again.read((tables) => tables.policies.current(NOW)).scope, 'all');
  assert.equal(again.read((tables) => tables.factors.of(4))?.pairFirst, 1);
});

test('rows that do not fit, a table nobody knows, a newer schema: nothing is changed', async (t) => {
  const board = await withAlice(t);
  const before = readFileSync(board.places.database);
  const good = firstVersions(temporaryFolder(t));
  const bad: [Payload, string][] = [
    [{ ...good, schema: 999 }, 'backup-too-new'],
    [{ ...good, tables: { ...good.tables, diary: [{ day: 1 }] } }, 'backup-invalid'],
    [{ ...good, tables: { ...good.tables, audit: [{ id: 1 }] } }, 'backup-invalid'],
    [{ ...good, tables: { ...good.tables, user: [{ id: 1 }] } }, 'backup-invalid'],
    [{ ...good, tables: { ...good.tables, user: [] } }, 'backup-invalid'],
    [{ ...good, key: 'no key' }, 'backup-invalid'],
  ];
  for (const [payload, code] of bad) {
    for (const dryRun of [true, false]) {
      assert.throws(() => restore(board.options(), { header: HEADER, payload }, NOW, dryRun), { code });
    }
  }
  assert.ok(readFileSync(board.places.database).equals(before));
  assert.ok(new DatabaseSync(board.places.database, { readOnly: true }).isOpen);
});
