// Owns encryption at rest: AES-256-GCM, bound to the place in the database that a value belongs to.

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Fault } from '../kernel/fault.ts';
import type { Random } from '../kernel/random.ts';
import { Secret } from '../kernel/secret.ts';
import type { MasterKey } from './key.ts';

const VERSION = 1;
const IV = 12;
const TAG = 16;
const KEY_ID = 8;

/** Where a sealed value lives; opening it anywhere else fails. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly user: number;
  readonly row: number;
}

/** What sealing takes. */
export interface Sealing {
  readonly key: MasterKey;
  readonly random: Random;
}

/** version ‖ key id ‖ 96-bit IV ‖ ciphertext ‖ 128-bit tag. */
export function seal(value: Secret, place: Place, key: MasterKey, random: Random): Buffer {
  const iv = random(IV);
  const cipher = createCipheriv('aes-256-gcm', key.subkey('seal'), iv);
  cipher.setAAD(context(place));
  const body = Buffer.concat([cipher.update(value.reveal()), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), key.id, iv, body, cipher.getAuthTag()]);
}

/** @throws Fault `key-missing` when the value was sealed by another key, elsewhere, or was changed. */
export function unseal(sealed: Uint8Array, place: Place, key: MasterKey): Secret {
  const bytes = Buffer.from(sealed);
  const start = 1 + KEY_ID + IV;
  const end = bytes.length - TAG;
  if (bytes[0] !== VERSION || end < start || !bytes.subarray(1, 1 + KEY_ID).equals(key.id))
    throw unopened(place);
  const decipher = createDecipheriv('aes-256-gcm', key.subkey('seal'), bytes.subarray(1 + KEY_ID, start), {
    authTagLength: TAG,
  });
  decipher.setAAD(context(place));
  decipher.setAuthTag(bytes.subarray(end));
  try {
    return new Secret(Buffer.concat([decipher.update(bytes.subarray(start, end)), decipher.final()]));
  } catch {
    throw unopened(place);
  }
}

function context(place: Place): Buffer {
  return Buffer.from(`${VERSION}:${place.table}:${place.column}:${place.user}:${place.row}`);
}

function unopened(place: Place): Fault {
  return new Fault(
    'key-missing',
    `A sealed value (${place.table}.${place.column}) cannot be opened with this board's master key.`,
    'Put the right key file back, or reset the user so that a new secret can be enrolled.',
  );
}
