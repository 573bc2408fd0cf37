// Owns RFC 4226 in a few lines of the tests' own, layer by layer, so that the daemon is not its own judge.

import { createHmac } from 'node:crypto';

/** HMAC-SHA-1 of an eight-byte counter (RFC 4226 §5.2). */
export function hmacOf(secret: Uint8Array, counter: number): Buffer {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  return createHmac('sha1', secret).update(message).digest();
}

/** Dynamic truncation to 31 bits (RFC 4226 §5.3). */
export function truncate(hmac: Buffer): number {
  return hmac.readUInt32BE((hmac.at(-1) ?? 0) & 15) & 0x7fffffff;
}

/** The low digits of a truncated number. */
export function digitsOf(truncated: number, count = 6): string {
  return String(truncated % 10 ** count).padStart(count, '0');
}

/** The six digits that a phone shows in a step. */
export function codeOf(secret: Uint8Array, step: number): string {
  return digitsOf(truncate(hmacOf(secret, step)));
}

/** A code that is right at none of the steps from `from` to `to`. */
export function wrongCode(secret: Uint8Array, from: number, to: number): string {
  const right = new Set<string>();
  for (let step = from; step <= to; step++) right.add(codeOf(secret, step));
  for (let n = 0; ; n++) {
    const code = digitsOf(n);
    if (!right.has(code)) return code;
  }
}
