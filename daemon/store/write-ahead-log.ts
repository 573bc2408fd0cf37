// Owns the flush of SQLite's write-ahead log: with fdatasync, once for each group of writes.

import { closeSync, fdatasyncSync, openSync } from 'node:fs';

/**
 * The `-wal` file of an open database. SQLite as Node builds it flushes with fsync, which on ext4 also commits
 * the file's new time to the journal: at the pace of people that is three times the bytes on the flash. So the
 * database runs with synchronous = NORMAL (SQLite then flushes only around checkpoints, in the right order) and
 * the log is flushed here, before any answer leaves. The log is a file without locks: opening it a second time
 * does not let go of SQLite's locks, as opening the database itself would.
 */
export class WriteAheadLog {
  readonly #file: number;

  /** @param database the path of an open database in WAL mode that has been written to */
  constructor(database: string) {
    this.#file = openSync(`${database}-wal`, 'r+');
  }

  /** Resolves nothing: when it returns, what was committed is on the medium. @throws the system's error */
  flush(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
