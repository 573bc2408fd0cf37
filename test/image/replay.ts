// Owns power cuts: the writes of a medium as QEMU's blklogwrites kept them, put back up to a chosen one.

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const SECTOR = 512;
const HEADER = 32;
const DISCARD = 4n;

/** Bytes of the log at the moment of a cut: what was written later is lost. */
export type Mark = number;

/** The QEMU arguments of a raw medium whose writes are kept in `log`, which has to be there and empty. */
export function loggedDisk(medium: string, log: string): readonly string[] {
  return [
    '-blockdev',
    `driver=file,node-name=medium,filename=${medium}`,
    '-blockdev',
    `driver=file,node-name=log,filename=${log}`,
    '-blockdev',
    'driver=blklogwrites,node-name=disk,file=medium,log=log',
  ];
}

/** Puts the writes of a log onto a medium, in their order, further with each call. */
export class Replay {
  readonly #log: number;
  readonly #medium: number;
  /** The first sector is the log's own. */
  #at = SECTOR;
  #writes = 0;

  constructor(log: string, medium: string) {
    this.#log = openSync(log, 'r');
    this.#medium = openSync(medium, 'r+');
  }

  /** How many writes are on the medium. */
  get writes(): number {
    return this.#writes;
  }

  upTo(mark: Mark): void {
    const end = Math.min(mark, fstatSync(this.#log).size);
    const header = Buffer.alloc(HEADER);
    while (this.#at + SECTOR <= end) {
      readSync(this.#log, header, 0, HEADER, this.#at);
      const sector = Number(header.readBigUInt64LE(0));
      const sectors = Number(header.readBigUInt64LE(8));
      const discarded = (header.readBigUInt64LE(16) & DISCARD) !== 0n;
      const bytes = discarded ? 0 : sectors * SECTOR;
      if (this.#at + SECTOR + bytes > end) return;
      if (bytes > 0) {
        const data = Buffer.alloc(bytes);
        readSync(this.#log, data, 0, bytes, this.#at + SECTOR);
        writeSync(this.#medium, data, 0, bytes, sector * SECTOR);
      }
      this.#at += SECTOR + bytes;
      this.#writes += 1;
    }
  }

  close(): void {
    closeSync(this.#log);
    closeSync(this.#medium);
  }
}
