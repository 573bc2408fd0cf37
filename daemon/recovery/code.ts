// Owns recovery codes: how they are made, written, read and hashed.

import { createHmac, type KeyObject } from 'node:crypto';
import type { Random } from '../kernel/random.ts';
import { readCrockford, writeCrockford } from './crockford.ts';

/** How many are made at once. */
export const RECOVERY_CODES = 10;

/** From this many on the person is told that they run low. */
export const RECOVERY_CODES_LOW = 3;

/** 80 bits: beyond guessing, so that no wait ever stands before them (SP 800-63B-4 §3.1.2.2). */
const BYTES = 10;

/** One new code, in groups of four: `7K3M-9QXA-0F2T-VW4H`. */
export function newRecoveryCode(random: Random): string {
  return writeCrockford(random(BYTES));
}

/** A new set. */
export function newRecoveryCodes(random: Random): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(random));
}

/** What was typed, as it was made; `null` when it cannot be a recovery code. */
export function readRecoveryCode(typed: string): string | null {
  return readCrockford(typed, 16);
}

/** What is stored of a code: a keyed hash, bound to its user. `code` as `readRecoveryCode` gives it. */
export function hashRecoveryCode(code: string, user: number, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(`recovery-code 1:${user}:${code}`).digest();
}
