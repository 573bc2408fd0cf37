// Owns the sealing of a database anew, with another master key, into a copy of it.

import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Random } from '../kernel/random.ts';
import { openDatabase } from './database.ts';
import { SEALED, type Sealed } from './fates.ts';
import type { MasterKey } from './key.ts';
import { seal, unseal } from './seal.ts';

/**
 * Makes `state.db` in the folder: the same rows, what is sealed in them sealed with `next`.
 * @returns how many values @throws Fault `key-missing` when one does not open
 */
export function reseal(
  folder: string,
  db: DatabaseSync,
  keys: { readonly present: MasterKey; readonly next: MasterKey },
  random: Random,
): number {
  const target = join(folder, 'state.db');
  db.prepare('VACUUM INTO ?').run(target);
  const copy = openDatabase(target, false);
  try {
    copy.exec('BEGIN IMMEDIATE');
    const sealed = SEALED.reduce((n, place) => n + resealColumn(copy, place, keys, random), 0);
    copy.prepare('UPDATE board SET key_id = ?').run(keys.next.id);
    copy.exec('COMMIT');
    return sealed;
  } finally {
    copy.close();
  }
}

function resealColumn(
  db: DatabaseSync,
  { table, column, user, row }: Sealed,
  { present, next }: { readonly present: MasterKey; readonly next: MasterKey },
  random: Random,
): number {
  const rows = db
    .prepare(
      `SELECT ${user} AS user, ${row} AS row, ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`,
    )
    .all() as { user: number; row: number; value: Uint8Array }[];
  const put = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${user} = ? AND ${row} = ?`);
  for (const { user: owner, row: number, value } of rows) {
    const place = { table, column, user: owner, row: number };
    put.run(seal(unseal(value, place, present), place, next, random), owner, number);
  }
  return rows.length;
}
