// Owns randomness. The only file that draws it, so that a test can hand in its own.

import { randomFillSync } from 'node:crypto';

/** A source of unpredictable bytes. */
export type Random = (bytes: number) => Buffer;

/** Drawn ahead, because a call of the generator costs more than its bytes; what was handed out is wiped here. */
const ahead = Buffer.alloc(1_024);
let used = ahead.length;

/** OpenSSL's generator, seeded by the kernel's (getrandom(2)). */
export const systemRandom: Random = (bytes) => {
  if (bytes > ahead.length) return randomFillSync(Buffer.alloc(bytes));
  if (used + bytes > ahead.length) {
    randomFillSync(ahead);
    used = 0;
  }
  const drawn = Buffer.from(ahead.subarray(used, used + bytes));
  ahead.fill(0, used, used + bytes);
  used += bytes;
  return drawn;
};

/** An identifier of 256 random bits in base64url: 43 characters, safe in a JSON body. */
export function token(random: Random): string {
  return random(32).toString('base64url');
}
