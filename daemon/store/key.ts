// Owns the master key: its file, its identifier, and the subkeys derived from it.

import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../kernel/fault.ts';
import type { Random } from '../kernel/random.ts';
import { Secret } from '../kernel/secret.ts';
import { replaceFile } from './files.ts';

export const KEY_BYTES = 32;
const HEADER = 'fygo-2fa master key 1';
/** The whole file: the header, 32 bytes in base64url, subkeys that an earlier key left, and nothing else. */
const FILE = new RegExp(`^${HEADER}\n([A-Za-z0-9_-]{43})\n((?:[a-z-]+ [A-Za-z0-9_-]{43}\n)*)$`);

/** What a subkey is for; each purpose has its own, so that one use can never answer for another. */
export type Purpose =
  | 'seal'
  | 'recovery-code'
  | 'mailed-code'
  | 'known-device'
  | 'trusted-device'
  | 'roster'
  | 'redemption'
  | 'backup';

/**
 * What a new master key means for each purpose. `kept`: hashes cannot be made anew without what was hashed, and behind
 * these subkeys lie 80 or 256 random bits, so that whoever learned it still has nothing to try.
 */
const AT_ROTATION: Readonly<Record<Purpose, 'anew' | 'kept'>> = {
  seal: 'anew',
  'recovery-code': 'kept',
  // Ten minutes of life, and 40 bits: what is open ends.
  'mailed-code': 'anew',
  'known-device': 'anew',
  'trusted-device': 'kept',
  roster: 'anew',
  redemption: 'anew',
  backup: 'anew',
};

/** The master key, opened. */
export class MasterKey {
  readonly #master: Secret;
  readonly #subkeys: Map<string, KeyObject>;
  readonly #kept: ReadonlyMap<string, Buffer>;
  /** 8 bytes that name the key without telling anything of it. */
  readonly id: Buffer;

  /** @param kept subkeys that an earlier key left, by purpose */
  constructor(master: Secret, kept: ReadonlyMap<string, Buffer> = new Map()) {
    this.#master = master;
    this.#kept = kept;
    this.#subkeys = new Map([...kept].map(([purpose, key]) => [purpose, createSecretKey(key)]));
    this.id = this.#derive('identifier', 8);
  }

  /** The 256-bit subkey of a purpose (HKDF-SHA-256, RFC 5869); one object, as making it costs more than an HMAC. */
  subkey(purpose: Purpose): KeyObject {
    let key = this.#subkeys.get(purpose);
    if (!key) {
      key = createSecretKey(this.#derive(purpose, KEY_BYTES));
      this.#subkeys.set(purpose, key);
    }
    return key;
  }

  /** The text of its file. Every call is a place to look at in a review. */
  file(): string {
    const kept = [...this.#kept].map(([purpose, key]) => `${purpose} ${key.toString('base64url')}\n`);
    return fileOf(this.#master.reveal(), kept.join(''));
  }

  /** The file of a key that takes this one's place, with the subkeys that have to stay. */
  successor(random: Random): string {
    const kept = (Object.keys(AT_ROTATION) as Purpose[])
      .filter((purpose) => AT_ROTATION[purpose] === 'kept')
      .map((purpose) => `${purpose} ${this.subkey(purpose).export().toString('base64url')}\n`);
    return fileOf(random(KEY_BYTES), kept.join(''));
  }

  #derive(info: string, bytes: number): Buffer {
    return Buffer.from(
      hkdfSync('sha256', this.#master.reveal(), Buffer.alloc(0), `fygo-2fa 1 ${info}`, bytes),
    );
  }
}

/** Makes a new key file, readable by its owner alone, in a folder of its own. */
export function createKey(path: string, random: Random): MasterKey {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  const bytes = random(KEY_BYTES);
  replaceFile(path, fileOf(bytes, ''), 0o400);
  return new MasterKey(new Secret(bytes));
}

/** @throws Fault `key-missing` when the file is absent, unreadable or not a key. */
export function readKey(path: string): MasterKey {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw missing(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  const key = parseKey(text);
  if (!key) throw missing(path, 'is not a key file');
  return key;
}

/** The key in a key file's text; `null` where it is none. */
export function parseKey(text: string): MasterKey | null {
  const [, encoded, kept = ''] = FILE.exec(text) ?? [];
  if (encoded === undefined) return null;
  const subkeys = kept
    .split('\n')
    .filter((line) => line !== '')
    .map((line): [string, Buffer] => {
      const [purpose = '', subkey = ''] = line.split(' ');
      return [purpose, Buffer.from(subkey, 'base64url')];
    });
  return new MasterKey(new Secret(Buffer.from(encoded, 'base64url')), new Map(subkeys));
}

function fileOf(bytes: Buffer, kept: string): string {
  return `${HEADER}\n${bytes.toString('base64url')}\n${kept}`;
}

export function wrongKey(path: string): Fault {
  return missing(path, 'belongs to another database');
}

function missing(path: string, why: string): Fault {
  return new Fault(
    'key-missing',
    `The master key ${path} ${why}, so no secret can be opened and nobody who uses two-factor can log in.`,
    'Put the key file back from the same backup as the database, or restore a backup with its passphrase.',
  );
}
