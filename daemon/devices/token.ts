// Owns the token of a known device: a keyed hash, so that no login costs a row. It exempts from nothing.

import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { DAY, type Instant, instant, later } from '../kernel/instant.ts';

export const KNOWN_DEVICE_LIVES = 365 * DAY;
const BYTES = 6 + 32;

/** Whose browser it is; a new generation (password, factor) ends every token of the old one. */
export interface Holder {
  readonly id: number;
  readonly uid: number;
  readonly generation: number;
}

export interface DeviceToken {
  readonly token: string;
  readonly expires: Instant;
}

/** A token that marks a browser as one that completed a login of this user. */
export function issueKnown(holder: Holder, now: Instant, key: KeyObject): DeviceToken {
  const expires = instant(Math.ceil(later(now, KNOWN_DEVICE_LIVES) / 1000) * 1000);
  const until = Buffer.alloc(6);
  until.writeUIntBE(expires / 1000, 0, 6);
  return { token: Buffer.concat([until, mac(until, holder, key)]).toString('base64url'), expires };
}

/** Is it a token of this user, of this generation, that has not expired? */
export function isKnown(token: string, holder: Holder, now: Instant, key: KeyObject): boolean {
  const bytes = Buffer.from(token, 'base64url');
  // Decoding is lenient, and a token has one spelling.
  if (bytes.length !== BYTES || bytes.toString('base64url') !== token) return false;
  const until = bytes.subarray(0, 6);
  if (!timingSafeEqual(bytes.subarray(6), mac(until, holder, key))) return false;
  // One that lives longer than any token was issued by a clock in the future.
  const left = until.readUIntBE(0, 6) * 1000 - now;
  return left > 0 && left <= KNOWN_DEVICE_LIVES + DAY;
}

function mac(until: Buffer, { id, uid, generation }: Holder, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(until).update(`known-device 1:${id}:${uid}:${generation}`).digest();
}
