// Owns mailed codes: how they are made, read and hashed, and how long one works. Pure.

import { createHash, createHmac, type KeyObject } from 'node:crypto';
import { type Instant, MINUTE, type Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { readCrockford, writeCrockford } from './crockford.ts';

/** What a code is good for. */
export type MailedKind = 'emergency' | 'reset' | 'confirm' | 'replace-phone';

/** How long a mailed code works. */
export const MAILED_CODE_LIVES: Millis = 10 * MINUTE;

/** So many tries kill a code, a right one after them too. */
export const MAILED_CODE_TRIES = 5;

/** 40 bits: with five tries and few mails an hour beyond guessing (SP 800-63B-4 §3.1.3.1 asks for 20). */
export const MAILED_CODE_BITS = 40;

/** One new code, in groups of four: `7K3M-9QXA`. */
export function newMailedCode(random: Random): string {
  return writeCrockford(random(MAILED_CODE_BITS / 8));
}

/** What was typed, as it was made; `null` when it cannot be a mailed code. */
export function readMailedCode(typed: string): string | null {
  return readCrockford(typed, MAILED_CODE_BITS / 5);
}

/** What a code is for, as it is stored. `id`: of a login or a reset, 256 random bits; or the number of a user. */
export function subjectOf(kind: MailedKind, id: string): Buffer {
  return createHash('sha256').update(`mailed-code 1:${kind}:${id}`).digest();
}

/** What is stored of a code: a keyed hash, bound to its subject. `code` as `readMailedCode` gives it. */
export function hashMailedCode(code: string, subject: Uint8Array, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(subject).update(code).digest();
}

/** A clock that nobody confirms may be put back a little while a code waits. */
const PUT_BACK: Millis = MINUTE;

/** Can it still be right? One that ends later than any can was issued by a clock in the future. */
export function isLive(
  { tries, expiresAt }: { readonly tries: number; readonly expiresAt: Instant },
  now: Instant,
): boolean {
  return tries > 0 && expiresAt > now && expiresAt - now <= MAILED_CODE_LIVES + PUT_BACK;
}
