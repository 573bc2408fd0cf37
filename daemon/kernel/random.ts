// Owns randomness. The only file that draws it, so that a test can hand in its own.

import { randomBytes } from 'node:crypto';

/** A source of unpredictable bytes. */
export type Random = (bytes: number) => Buffer;

/** The kernel's generator (getrandom(2)). */
export const systemRandom: Random = (bytes) => randomBytes(bytes);

/** An identifier of 256 random bits in base64url: 43 characters, safe in a JSON body. */
export function token(random: Random): string {
  return random(32).toString('base64url');
}
