// Owns what a medium may hold after the power was cut: all that was flushed, and any part of what came after.

import { dirname } from 'node:path';
import type { Event } from './record.ts';

/** A medium writes sectors whole; what is larger may be torn. */
const SECTOR = 512;

interface Pending {
  readonly at: number;
  readonly data: Buffer;
}

interface File {
  durable: Buffer;
  pending: Pending[];
  /** Where the next write without a place goes. */
  end: number;
}

/** Plays a record. A name is durable once its folder was flushed; until then either name may be found. */
export class MediumModel {
  readonly #files = new Map<string, File>();
  #renames: { readonly from: string; readonly to: string }[] = [];

  constructor(files: ReadonlyMap<string, Buffer>) {
    for (const [name, durable] of files) this.#files.set(name, { durable, pending: [], end: durable.length });
  }

  play(event: Event): void {
    if (event.kind === 'reply') return;
    if (event.kind === 'rename') {
      this.#renames.push(event);
      return;
    }
    if (event.kind === 'create') {
      this.#files.set(event.file, { durable: Buffer.alloc(0), pending: [], end: 0 });
      return;
    }
    if (event.kind === 'flush' && !this.#files.has(event.file)) {
      this.#renames = this.#renames.filter(({ from, to }) => !this.#settle(event.file, from, to));
      return;
    }
    const file = this.#file(event.file);
    if (event.kind === 'cut') file.durable = file.durable.subarray(0, event.size);
    else if (event.kind === 'write') {
      const at = event.at ?? file.end;
      file.pending.push({ at, data: event.data });
      file.end = at + event.data.length;
    } else {
      for (const write of file.pending) file.durable = written(file.durable, write.at, write.data);
      file.pending = [];
    }
  }

  /** One of the contents that may be found. @param keep whether a sector, or a name, that was not flushed is there */
  after(keep: () => boolean): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (const [name, { durable, pending }] of this.#files) {
      let content = durable;
      for (const { at, data } of pending) {
        for (let part = 0; part < data.length; ) {
          const length = Math.min(SECTOR - ((at + part) % SECTOR), data.length - part);
          if (keep()) content = written(content, at + part, data.subarray(part, part + length));
          part += length;
        }
      }
      found.set(name, content);
    }
    for (const { from, to } of this.#renames) {
      const content = found.get(from);
      if (content && keep()) found.set(to, content);
    }
    return found;
  }

  #file(name: string): File {
    const known = this.#files.get(name) ?? { durable: Buffer.alloc(0), pending: [], end: 0 };
    this.#files.set(name, known);
    return known;
  }

  #settle(folder: string, from: string, to: string): boolean {
    if (dirname(to) !== folder) return false;
    const file = this.#files.get(from);
    if (file) this.#files.set(to, { ...file, pending: [...file.pending] });
    this.#files.delete(from);
    return true;
  }
}

function written(content: Buffer, at: number, data: Buffer): Buffer {
  const grown = Buffer.alloc(Math.max(content.length, at + data.length));
  content.copy(grown);
  data.copy(grown, at);
  return grown;
}
