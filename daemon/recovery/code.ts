// Owns recovery codes: how they are made, written, read and hashed.

import { createHmac, type KeyObject } from 'node:crypto';
import type { Random } from '../kernel/random.ts';

/** How many are made at once. */
export const RECOVERY_CODES = 10;

/** From this many on the person is told that they run low. */
export const RECOVERY_CODES_LOW = 3;

/** 80 bits: beyond guessing, so that no wait ever stands before them (SP 800-63B-4 §3.1.2.2). */
const BYTES = 10;

/** Crockford's alphabet: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** One new code, in groups of four: `7K3M-9QXA-0F2T-VW4H`. */
export function newRecoveryCode(random: Random): string {
  let bits = 0n;
  for (const byte of random(BYTES)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < 16; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** A new set. */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(random));
}

/**
 * What was typed, as it was made: NFKC, without spaces and hyphens, in capitals, with the letters that Crockford
 * reads as digits; `null` when it cannot be a recovery code.
 */
export function readRecoveryCode(typed: string): string | null {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u2212]/gu, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(text) ? text : null;
}

/** What is stored of a code: a keyed hash, bound to its user. `code` as `readRecoveryCode` gives it. */
export function hashRecoveryCode(code: string, user: number, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(`recovery-code 1:${user}:${code}`).digest();
}
