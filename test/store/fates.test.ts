// Owns the proof that every table has a fate in a backup, and every column of bytes one in a change of the key.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableNames } from '../../daemon/store/contents.ts';
import { FATES, SEALED, UNSEALED } from '../../daemon/store/fates.ts';
import { makeTables } from './board.ts';

test('every table has a fate, and no fate is left of a table that is gone', (t) => {
  const { db } = makeTables(t);
  assert.deepEqual(Object.keys(FATES).sort(), tableNames(db));
});

test('every column of bytes is sealed anew with a new key, or says why it need not be', (t) => {
  const { db } = makeTables(t);
  const bytes = tableNames(db).flatMap((table) => {
    const columns = db.prepare('SELECT name, type FROM pragma_table_info(?)').all(table);
    return columns.flatMap(({ name, type }) => (type === 'BLOB' ? [`${table}.${name}`] : []));
  });
  const sealed = SEALED.map(({ table, column }) => `${table}.${column}`);
  assert.deepEqual([...sealed, ...Object.keys(UNSEALED)].sort(), bytes.sort());
});
