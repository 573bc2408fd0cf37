// Owns the token of a trusted device: 256 random bits, of which the board keeps a keyed hash.

import { createHmac, type KeyObject } from 'node:crypto';

/** Tells it from a known device's token, which is longer. */
export function isTrustedToken(token: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(token);
}

/** What is stored of it. Under another user it is another hash, so a copy in his login is not even found. */
export function hashTrustedToken(
  token: string,
  user: { readonly id: number; readonly uid: number },
  key: KeyObject,
): Buffer {
  return createHmac('sha256', key).update(`trusted-device 1:${user.id}:${user.uid}:${token}`).digest();
}
