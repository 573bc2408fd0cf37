// Owns the tables mailed_code and mail_request: keyed hashes of codes that were mailed, and how often mail was asked for.

import type { DatabaseSync } from 'node:sqlite';
import { DAY, type Instant, later } from '../kernel/instant.ts';
import type { MailLane } from '../recovery/allowance.ts';
import type { MailedKind } from '../recovery/mailed-code.ts';

export interface MailedCode {
  /** What the code is for; a new code of the same subject takes its place. */
  readonly subject: Uint8Array;
  readonly kind: MailedKind;
  /** `null`: a reset that nobody gets a mail of. */
  readonly user: number | null;
  readonly hash: Uint8Array;
  /** How many are left. */
  readonly tries: number;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** So many resets that nobody gets a mail of are kept; an older one goes. */
const DECOYS = 64;

const COLUMNS = 'subject, kind, user, hash, tries, issued_at AS issuedAt, expires_at AS expiresAt';

export class MailedCodes {
  readonly #of;
  readonly #put;
  readonly #prune;
  readonly #trim;
  readonly #pay;
  readonly #take;
  readonly #clear;
  readonly #requested;
  readonly #requests;
  readonly #pruneRequests;

  constructor(db: DatabaseSync) {
    this.#of = db.prepare(`SELECT ${COLUMNS} FROM mailed_code WHERE subject = ? AND kind = ?`);
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO mailed_code (subject, kind, user, hash, tries, issued_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#prune = db.prepare('DELETE FROM mailed_code WHERE expires_at <= ?');
    this.#trim = db.prepare(
      `DELETE FROM mailed_code WHERE user IS NULL AND subject NOT IN (
         SELECT subject FROM mailed_code WHERE user IS NULL ORDER BY issued_at DESC LIMIT ${DECOYS})`,
    );
    this.#pay = db.prepare('UPDATE mailed_code SET tries = tries - 1 WHERE subject = ? AND tries > 0');
    this.#take = db.prepare('DELETE FROM mailed_code WHERE subject = ?');
    this.#clear = db.prepare('DELETE FROM mailed_code WHERE user = ?');
    this.#requested = db.prepare('INSERT INTO mail_request (user, lane, at) VALUES (?, ?, ?)');
    this.#requests = db.prepare('SELECT at FROM mail_request WHERE user = ? AND lane = ? ORDER BY id');
    this.#pruneRequests = db.prepare('DELETE FROM mail_request WHERE at <= ?1 OR at > ?2');
  }

  of(subject: Uint8Array, kind: MailedKind): MailedCode | null {
    return (this.#of.get(subject, kind) as MailedCode | undefined) ?? null;
  }

  /** Puts a code in place of the subject's last one. Codes that expired a day ago go at the same time. */
  put(code: MailedCode): void {
    const { subject, kind, user, hash, tries, issuedAt, expiresAt } = code;
    this.#prune.run(later(issuedAt, -DAY));
    this.#put.run(subject, kind, user, hash, tries, issuedAt, expiresAt);
    if (user === null) this.#trim.run();
  }

  /** One try less. False where none was left. */
  pay(subject: Uint8Array): boolean {
    return this.#pay.run(subject).changes === 1;
  }

  /** True exactly once. */
  take(subject: Uint8Array): boolean {
    return this.#take.run(subject).changes === 1;
  }

  /** Every code of a user dies. */
  clear(user: number): void {
    this.#clear.run(user);
  }

  /** Notes that a mail was asked for. What is a day old, or lies ahead of a clock that was put back, is forgotten. */
  requested(user: number, lane: MailLane, now: Instant): void {
    this.#pruneRequests.run(later(now, -DAY), now);
    this.#requested.run(user, lane, now);
  }

  /** When this lane of a user asked for mails, oldest first. */
  requests(user: number, lane: MailLane): readonly Instant[] {
    return this.#requests.all(user, lane).map((row) => (row as { at: Instant }).at);
  }
}
