// Owns values that must never be shown: every way of printing one gives a placeholder.

import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** Bytes that no log, error or JSON document can carry by accident. */
export class Secret {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  /** The bytes themselves. Every call is a place to look at in a review. */
  reveal(): Buffer {
    return this.#bytes;
  }

  toJSON(): string {
    return SHOWN;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
