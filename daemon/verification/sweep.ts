// Owns computing a great many codes of one secret, as the search on a board that has lost the time needs them.

import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import type { Secret } from '../kernel/secret.ts';
import type { Step } from './totp.ts';

const HIGH = 2 ** 32;

/**
 * The codes of a secret (RFC 4226 §5.3, six digits), each as a number. Made for the hundreds of thousands of steps of
 * one search: the key is put into HMAC once, and each code goes on from there.
 * @returns what computes the code of a step; steps are not negative
 */
export function sweep(secret: Secret): (step: Step) => number {
  const keyed = hmac.create(sha1, secret.reveal());
  const scratch = keyed.clone();
  const [counter, digest] = [new Uint8Array(8), new Uint8Array(sha1.outputLen)];
  const [written, read] = [new DataView(counter.buffer), new DataView(digest.buffer)];
  return (step) => {
    written.setUint32(0, Math.floor(step / HIGH));
    written.setUint32(4, step % HIGH);
    keyed._cloneInto(scratch).update(counter).digestInto(digest);
    const offset = read.getUint8(digest.length - 1) & 0xf;
    return (read.getUint32(offset) & 0x7fffffff) % 1_000_000;
  };
}
