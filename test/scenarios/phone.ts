// Owns the phone of the scenarios: RFC 6238 in a few lines of its own, so that the daemon is not its own judge.

import { createHmac } from 'node:crypto';

const PERIOD = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding. */
function unbase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What an authenticator app holds after scanning. */
export class Phone {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];

  constructor(secret: string, recoveryCodes: readonly string[] = []) {
    this.secret = secret;
    this.recoveryCodes = recoveryCodes;
  }

  /** The code at a moment in ms since the epoch (RFC 6238 §4, SHA-1, 6 digits, 30 s). */
  code(at: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / PERIOD)));
    const hash = createHmac('sha1', unbase32(this.secret)).update(counter).digest();
    const offset = (hash.at(-1) ?? 0) & 15;
    return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }

  /** Codes of that many steps in a row, the first one at `at`. */
  codes(at: number, count: number): string {
    return Array.from({ length: count }, (_, i) => this.code(at + i * PERIOD)).join(' ');
  }

  /** A code that is right at no moment within two hours of `at`. */
  wrong(at: number): string {
    const right = new Set(Array.from({ length: 480 }, (_, i) => this.code(at + (i - 240) * PERIOD)));
    for (let n = 0; ; n++) {
      const code = String(n).padStart(6, '0');
      if (!right.has(code)) return code;
    }
  }
}
