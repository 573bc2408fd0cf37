// Owns the pages that the database keeps free within itself: what is written down on a full medium goes there.

import type { DatabaseSync } from 'node:sqlite';

/** Pages of 1 KiB; about ten audit rows fit into one. */
const RESERVE = 256;
const LOW = 64;

/**
 * Lets the database grow by free pages while there is room, so that audit rows and checkpoints need none later.
 * Does nothing while enough of them are left. @throws when the medium does not take them.
 */
export function reserve(db: DatabaseSync): void {
  const { freelist_count: free = 0 } = db.prepare('PRAGMA freelist_count').get() as Record<string, number>;
  if (free >= LOW) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec('CREATE TABLE reserve (page BLOB)');
    const add = db.prepare('INSERT INTO reserve VALUES (zeroblob(1000))');
    for (let page = free; page < RESERVE; page++) add.run();
    db.exec('DROP TABLE reserve; COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
}
