// Owns the format of a backup file: what is in it, how it is closed, and how it is opened. Pure.

import { createCipheriv, createDecipheriv, createHash, type KeyObject, scryptSync } from 'node:crypto';
import { Fault } from '../kernel/fault.ts';
import type { Random } from '../kernel/random.ts';
import { isPayload, type Payload } from './payload.ts';

/** The first line. The number is the format's version; the schema of what is inside has its own. */
const MAGIC = 'fygo-2fa backup';
const FORMAT = 1;
const TAG = 16;
/** scrypt (RFC 7914): 64 MiB of memory for each guess. */
const COST = { N: 65_536, r: 8, p: 1 } as const;
/** A file may not ask for more than this. */
const MOST = { N: 1_048_576, r: 16, p: 4 };
/** A backup holds seeds: a passphrase that is shorter is found by trying. */
export const LEAST_PASSPHRASE = 12;

/** What closes a backup: a passphrase, a key of 32 bytes, or nothing where there are no secrets in it. */
export type Lock =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'board'; readonly key: KeyObject }
  | { readonly kind: 'open' };

/** What a file says of itself before it is opened. */
export interface Header {
  readonly lock: Lock['kind'];
  readonly takenAt: string;
  readonly program: string;
  readonly kdf?: { readonly N: number; readonly r: number; readonly p: number; readonly salt: string };
  readonly iv?: string;
  readonly sha256?: string;
}

/** @param takenAt RFC 3339 in UTC @throws Fault `backup-refused` where secrets would lie open */
export function closeBackup(
  payload: Payload,
  about: Pick<Header, 'takenAt' | 'program'>,
  lock: Lock,
  random: Random,
): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  if (lock.kind === 'open') {
    if (payload.key !== null) throw unlocked();
    const sha256 = createHash('sha256').update(body).digest('hex');
    return Buffer.concat([head({ lock: 'open', ...about, sha256 }), body]);
  }
  const salt = random(16);
  const iv = random(12);
  const kdf = lock.kind === 'passphrase' ? { kdf: { ...COST, salt: salt.toString('base64url') } } : {};
  const header = head({ lock: lock.kind, ...about, ...kdf, iv: iv.toString('base64url') });
  const cipher = createCipheriv('aes-256-gcm', keyOf(lock, { ...COST, salt }), iv);
  // The header is bound too, and with it the version and how the key was made.
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

/** The header alone. @throws Fault `backup-invalid`, `backup-too-new` */
export function headerOf(file: Buffer): Header {
  return split(file).header;
}

/**
 * The whole content, checked. @throws Fault `backup-invalid` for what is not one or is damaged, `backup-too-new`,
 * `backup-locked` where passphrase or key are wrong or missing
 */
export function openBackup(file: Buffer, lock: Lock): { readonly header: Header; readonly payload: Payload } {
  const { header, raw, body } = split(file);
  if (header.lock !== lock.kind) throw locked(header.lock);
  return {
    header,
    payload: parse(lock.kind === 'open' ? plain(header, body) : open(header, raw, body, lock)),
  };
}

function plain({ sha256 }: Header, body: Buffer): Buffer {
  if (createHash('sha256').update(body).digest('hex') !== sha256) throw invalid('it is damaged');
  return body;
}

function open(header: Header, raw: Buffer, body: Buffer, lock: Exclude<Lock, { kind: 'open' }>): Buffer {
  const iv = Buffer.from(header.iv ?? '', 'base64url');
  if (iv.length !== 12 || body.length < TAG) throw invalid('it is cut short');
  const { N = 0, r = 0, p = 0, salt = '' } = header.kdf ?? {};
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(lock, { N, r, p, salt: Buffer.from(salt, 'base64url') }),
    iv,
    { authTagLength: TAG },
  );
  decipher.setAAD(raw);
  decipher.setAuthTag(body.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, -TAG)), decipher.final()]);
  } catch {
    throw locked(header.lock);
  }
}

function keyOf(
  lock: Exclude<Lock, { kind: 'open' }>,
  { N, r, p, salt }: { readonly N: number; readonly r: number; readonly p: number; readonly salt: Buffer },
): KeyObject | Buffer {
  if (lock.kind === 'board') return lock.key;
  const fits = [N, r, p].every((n) => Number.isSafeInteger(n) && n >= 1) && (N & (N - 1)) === 0 && N > 1;
  if (!fits || N > MOST.N || r > MOST.r || p > MOST.p) throw invalid('its passphrase would cost too much');
  // Unicode has several spellings of one text: the keyboard must not decide which key comes out.
  return scryptSync(lock.passphrase.normalize('NFKC'), salt, 32, {
    N,
    r,
    p,
    maxmem: 256 * N * r + 1_048_576,
  });
}

function head(header: Header): Buffer {
  return Buffer.from(`${MAGIC} ${FORMAT}\n${JSON.stringify(header)}\n`);
}

function split(file: Buffer): { header: Header; raw: Buffer; body: Buffer } {
  const first = file.indexOf(10);
  const second = file.indexOf(10, first + 1);
  const version = /^fygo-2fa backup ([0-9]{1,6})$/.exec(file.subarray(0, Math.max(0, first)).toString())?.[1];
  if (first < 0 || first > 64 || version === undefined) throw invalid('it does not begin like one');
  if (Number(version) !== FORMAT) throw tooNew(`format ${version}`);
  if (second < 0 || second > 4_096) throw invalid('it is cut short');
  const header = read(file.subarray(first + 1, second)) as Partial<Header> | null;
  const known = ['passphrase', 'board', 'open'].includes(header?.lock ?? '');
  if (!header || !known || typeof header.takenAt !== 'string' || typeof header.program !== 'string') {
    throw invalid('its second line is not understood');
  }
  return { header: header as Header, raw: file.subarray(0, second + 1), body: file.subarray(second + 1) };
}

function parse(body: Buffer): Payload {
  const payload = read(body);
  if (!isPayload(payload)) throw invalid('what it holds is not understood');
  return payload;
}

function read(text: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(text.toString());
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

export function invalid(why: string): Fault {
  return new Fault(
    'backup-invalid',
    `This is not a backup that can be used: ${why}. Nothing was changed.`,
    'Take another backup file; one that was copied by hand may be cut short.',
  );
}

export function tooNew(what: string): Fault {
  return new Fault(
    'backup-too-new',
    `The backup was made by a newer fygo-2fa (${what}). Nothing was changed.`,
    'Install that version or a later one, then restore.',
  );
}

function locked(kind: Lock['kind']): Fault {
  const why = {
    passphrase: 'The passphrase is missing or wrong, or the file was changed',
    board: 'The file is closed with the key of the board that made it',
    open: 'The file is not closed with a passphrase, so none may be given',
  };
  return new Fault(
    'backup-locked',
    `${why[kind]}. Nothing was changed.`,
    'Check the passphrase and the file.',
  );
}

function unlocked(): Fault {
  return new Fault(
    'backup-refused',
    'Secrets are never written into a backup that no passphrase closes.',
    'Give a passphrase, or leave the secrets out.',
  );
}
