// Owns the roster file: who the daemon knows and how far their state has come, authenticated and away from the state's mount.

import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../kernel/fault.ts';
import { isThere, replaceFile } from '../store/files.ts';
import { RosterEntries, type RosterEntry } from './roster-entries.ts';

export type { RosterEntry } from './roster-entries.ts';

const HEADER = 'fygo-2fa roster 1';

/** Parses the file's text. `authentic` is false when it was not written with this key, or is torn. */
export function parseRoster(
  text: string,
  key: KeyObject | null,
): { entries: RosterEntry[]; authentic: boolean } {
  const end = text.lastIndexOf('mac ');
  const body = end < 0 ? text : text.slice(0, end);
  const given = Buffer.from(end < 0 ? '' : text.slice(end + 4).trim(), 'base64url');
  const right = key && mac(body, key);
  const authentic =
    right !== null &&
    body.startsWith(`${HEADER}\n`) &&
    given.length === right.length &&
    timingSafeEqual(given, right);
  const entries: RosterEntry[] = [];
  for (const line of body.split('\n').slice(1)) {
    const match = /^([0-9]{1,10}) ([0-9]{1,15}) (\S+)$/.exec(line);
    if (match)
      entries.push({ uid: Number(match[1]), counter: Number(match[2]), name: decode(match[3] ?? '') });
  }
  return { entries, authentic };
}

/** The file's text: one line a user, in order of name, and the MAC over all of it. */
export function formatRoster(entries: Iterable<RosterEntry>, key: KeyObject): string {
  const lines = [...entries]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ uid, counter, name }) => `${uid} ${counter} ${encodeURIComponent(name)}\n`);
  const body = `${HEADER}\n${lines.join('')}`;
  return `${body}mac ${mac(body, key).toString('base64url')}\n`;
}

/** The roster in memory and on its medium. */
export class Roster {
  readonly path: string;
  #key: KeyObject | null = null;
  #entries = new RosterEntries();
  /** False while the file on the medium could not be authenticated, or could not be written. */
  sound = true;
  /** While the database is only in memory: a file that cannot be written is no reason to fail, it is completed later. */
  mayLag = false;

  constructor(path: string) {
    this.path = path;
  }

  exists(): boolean {
    return isThere(this.path);
  }

  /**
   * Reads the file. One that cannot be authenticated is still heeded: its lines can only shut doors (a name in
   * it without a row in the database is not "not enrolled"), so believing them is the safe side.
   */
  load(key: KeyObject | null): void {
    this.#key = key;
    this.#entries = new RosterEntries();
    this.sound = true;
    if (!this.exists()) return;
    const { entries, authentic } = parseRoster(readFileSync(this.path, 'utf8'), key);
    this.sound = authentic;
    for (const entry of entries) this.#entries.put(entry);
  }

  byName(name: string): RosterEntry | null {
    return this.#entries.byName(name);
  }

  byUid(uid: number): RosterEntry | null {
    return this.#entries.byUid(uid);
  }

  entries(): RosterEntry[] {
    return [...this.#entries];
  }

  /**
   * Writes these entries in place of those of the same names. Called after the commit and before the answer.
   * @throws Fault `store-unavailable` when the file cannot be written: then there is no answer either.
   */
  record(...entries: readonly RosterEntry[]): void {
    for (const { name, uid, counter } of entries) {
      const known = this.#entries.byName(name);
      this.#entries.put({ name, uid, counter: Math.max(counter, known?.counter ?? 0) });
    }
    this.#write();
  }

  /**
   * Keeps a copy of a file that could not be authenticated, for whoever looks into why. The file itself stays
   * until the new one is renamed over it: its names must survive a power cut in between.
   */
  setAside(): void {
    replaceFile(`${this.path}.broken`, readFileSync(this.path), 0o600);
  }

  /** Does a file that could not be authenticated lie beside the roster? */
  hasBroken(): boolean {
    return isThere(`${this.path}.broken`);
  }

  /** Only root takes a name out of the roster. */
  forget(name: string): void {
    const entry = this.#entries.byName(name);
    if (!entry) return;
    this.#entries.remove(name);
    try {
      this.#write();
    } catch (error) {
      this.#entries.put(entry);
      throw error;
    }
  }

  #write(): void {
    if (!this.#key) throw new Error('the roster is written only with its key');
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o755 });
      replaceFile(this.path, formatRoster(this.#entries, this.#key), 0o600);
      this.sound = true;
    } catch (error) {
      if (this.mayLag) return;
      this.sound = false;
      throw new Fault(
        'store-unavailable',
        `The roster ${this.path} cannot be written, so what was just decided could be undone unnoticed; it does not count as done.`,
        'Make the folder writable for the daemon and check its free space, then try again.',
        error,
      );
    }
  }
}

function mac(body: string, key: KeyObject): Buffer {
  return createHmac('sha256', key).update(body).digest();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
