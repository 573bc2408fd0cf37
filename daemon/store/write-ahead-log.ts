// Owns the flush of SQLite's write-ahead log: with fdatasync, once for each group of writes.

import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Bytes that the log holds from the start: a checkpoint's 64 pages of 1 KiB and what may come before it, with their headers. */
const WARM = 200_704;

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

  /**
   * SQLite writes the log from its beginning again after a checkpoint, so a log that is long enough needs no more
   * space: commits go on when the medium is full. The zeros behind what was written are no frames to SQLite. False
   * where there is no room: the log stays cold.
   */
  warm(): boolean {
    const { size } = fstatSync(this.#file);
    try {
      const zeros = Buffer.alloc(Math.max(0, WARM - size));
      for (let done = 0; done < zeros.length; ) done += writeSync(this.#file, zeros, done, null, size + done);
      fsyncSync(this.#file);
      return true;
    } catch {
      ftruncateSync(this.#file, size);
      return false;
    }
  }

  /** Resolves nothing: when it returns, what was committed is on the medium. @throws the system's error */
  flush(): void {
    fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
