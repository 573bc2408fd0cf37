// Owns the floors that answers are held against: a bare flush, and a bare commit of the same kind of database.

import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { percentile } from './figures.ts';

const ROUNDS = 400;

function medianOf(work: (round: number) => void): number {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    work(round);
    samples.push(performance.now() - began);
  }
  return percentile(samples, 0.5);
}

/** Milliseconds of writing 4 KiB in place and fdatasync, at the median. */
export function bareFlush(folder: string): number {
  const path = join(folder, 'flush');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096, 1);
  writeSync(file, block, 0, block.length, 0);
  const median = medianOf(() => {
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
  });
  closeSync(file);
  rmSync(path);
  return median;
}

/** Milliseconds of one durable commit of one changed row (WAL, FULL, checkpoint 16), at the median. */
export function bareCommit(folder: string): number {
  const path = join(folder, 'commit.db');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16;');
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT; INSERT INTO t VALUES (1, 0)');
  const update = db.prepare('UPDATE t SET n = ? WHERE id = 1');
  const median = medianOf((round) => {
    db.exec('BEGIN IMMEDIATE');
    update.run(round);
    db.exec('COMMIT');
  });
  db.close();
  for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true });
  return median;
}
