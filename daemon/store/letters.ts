// Owns the table letter: letters that wait to be sent, sealed, and the count of those of the last day.

import type { DatabaseSync } from 'node:sqlite';
import { DAY, type Instant, later } from '../kernel/instant.ts';
import { Secret } from '../kernel/secret.ts';
import type { Lane, Letter, LetterId, Locale } from '../mail/letter.ts';
import { type Place, type Sealing, seal, unseal } from './seal.ts';

export interface NewLetter {
  readonly user: number;
  readonly name: string;
  readonly lane: Lane;
  readonly topic: string;
  readonly recipient: string;
  readonly locale: Locale;
  readonly letter: Letter;
  readonly at: Instant;
  readonly until: Instant;
}

/** What is sealed. */
interface Content {
  readonly name: string;
  readonly letter: Letter;
}

export interface WaitingLetter extends NewLetter {
  readonly id: LetterId;
  readonly messageId: string;
  /** Did an earlier try end without anybody knowing whether the server took it? */
  readonly unsure: boolean;
}

export interface QueuedRow {
  readonly id: LetterId;
  readonly until: Instant;
  readonly lane: Lane;
}

export type LetterState = 'queued' | 'sending' | 'sent' | 'failed';

interface Row {
  readonly id: number;
  readonly user: number;
  readonly lane: Lane;
  readonly topic: string;
  readonly recipient: string;
  readonly locale: Locale;
  readonly content: Uint8Array;
  readonly messageId: string;
  readonly unsure: 0 | 1;
  readonly at: Instant;
  readonly until: Instant;
}

const COLUMNS = `id, user, lane, topic, recipient, locale, content, message_id AS messageId, unsure,
  queued_at AS at, expires_at AS until`;
/** Urgent lanes first, then in turn. */
const ORDER = `CASE lane WHEN 'emergency' THEN 0 WHEN 'reset' THEN 1 WHEN 'confirm' THEN 2 ELSE 3 END, id`;

export class Letters {
  readonly #sealing;
  readonly #insert;
  readonly #fill;
  readonly #refill;
  readonly #same;
  readonly #get;
  readonly #queued;
  readonly #state;
  readonly #sending;
  readonly #mark;
  readonly #unsure;
  readonly #end;
  readonly #count;
  readonly #prune;

  constructor(db: DatabaseSync, sealing: Sealing) {
    this.#sealing = sealing;
    this.#insert = db.prepare(
      `INSERT INTO letter (user, lane, topic, recipient, locale, content, message_id, state, queued_at, expires_at)
       VALUES (?, ?, ?, ?, ?, x'', ?, 'queued', ?, ?)`,
    );
    this.#fill = db.prepare('UPDATE letter SET content = ? WHERE id = ?');
    this.#refill = db.prepare('UPDATE letter SET content = ?, expires_at = ? WHERE id = ?');
    this.#same = db.prepare(
      `SELECT ${COLUMNS} FROM letter WHERE state = 'queued' AND unsure = 0 AND user = ? AND recipient = ? AND topic = ?`,
    );
    this.#get = db.prepare(`SELECT ${COLUMNS} FROM letter WHERE id = ? AND content IS NOT NULL`);
    this.#queued = db.prepare(
      `SELECT id, lane, expires_at AS until FROM letter WHERE state = 'queued' ORDER BY ${ORDER}`,
    );
    this.#state = db.prepare('SELECT state FROM letter WHERE id = ?');
    this.#sending = db.prepare("SELECT id FROM letter WHERE state = 'sending'");
    this.#mark = db.prepare("UPDATE letter SET state = ? WHERE id = ? AND state IN ('queued', 'sending')");
    this.#unsure = db.prepare(
      "UPDATE letter SET state = 'queued', unsure = 1 WHERE id = ? AND state = 'sending' AND unsure = 0",
    );
    this.#end = db.prepare(
      `UPDATE letter SET state = ?, recipient = NULL, content = NULL
       WHERE id = ? AND state IN ('queued', 'sending')`,
    );
    this.#count = db.prepare('SELECT count(*) AS n FROM letter WHERE queued_at > ? AND queued_at <= ?');
    this.#prune = db.prepare(
      `DELETE FROM letter WHERE state IN ('sent', 'failed') AND (queued_at <= ? OR queued_at > ?)`,
    );
  }

  /** Queues a letter. @param domain of its Message-ID, which stays with it through every try */
  add(letter: NewLetter, domain: string): LetterId {
    const { user, lane, topic, recipient, locale, at, until } = letter;
    const messageId = `<${this.#sealing.random(16).toString('hex')}@${domain}>`;
    const { lastInsertRowid } = this.#insert.run(user, lane, topic, recipient, locale, messageId, at, until);
    const id = Number(lastInsertRowid);
    this.#fill.run(this.#seal(id, user, letter), id);
    return id;
  }

  /** A letter to the same person on the same topic that no try was made with yet. */
  waiting(user: number, recipient: string, topic: string): WaitingLetter | null {
    return this.#open(this.#same.get(user, recipient, topic));
  }

  /** Puts other content into a letter that waits. */
  rewrite({ id, user, name }: WaitingLetter, letter: Letter, until: Instant): LetterId {
    this.#refill.run(this.#seal(id, user, { name, letter }), until, id);
    return id;
  }

  /** What waits to be sent, the most urgent first; without its content. */
  queued(): QueuedRow[] {
    return this.#queued.all() as unknown as QueuedRow[];
  }

  /** Letters that were being sent when the daemon last stopped: nobody knows whether the server took them. */
  interrupted(): LetterId[] {
    return (this.#sending.all() as unknown as { id: number }[]).map(({ id }) => id);
  }

  /** The letter that is now to be sent; `null` where it is not waiting any more. */
  begin(id: LetterId): WaitingLetter | null {
    if (this.#mark.run('sending', id).changes !== 1) return null;
    return this.#open(this.#get.get(id));
  }

  /** It was not taken, and may be tried again. */
  putBack(id: LetterId): void {
    this.#mark.run('queued', id);
  }

  /** Nobody knows whether it was taken: it may be tried once more, and never again after that. */
  putBackUnsure(id: LetterId): void {
    if (this.#unsure.run(id).changes !== 1) this.end(id, 'failed');
  }

  /** It is over; address and content go. */
  end(id: LetterId, state: 'sent' | 'failed'): void {
    this.#end.run(state, id);
  }

  /** How it stands; a letter that nobody knows of has failed. */
  stateOf(id: LetterId): LetterState {
    return (this.#state.get(id) as { state: LetterState } | undefined)?.state ?? 'failed';
  }

  /** Letters queued within 24 h before `now`, whatever became of them. */
  countOfDay(now: Instant): number {
    return (this.#count.get(later(now, -DAY), now) as { n: number }).n;
  }

  /** Forgets what is over and more than a day old, or was queued by a clock in the future. */
  prune(now: Instant): void {
    this.#prune.run(later(now, -DAY), now);
  }

  #seal(id: LetterId, user: number, { name, letter }: Content): Buffer {
    const { key, random } = this.#sealing;
    const content: Content = { name, letter };
    return seal(new Secret(Buffer.from(JSON.stringify(content))), placeOf(id, user), key, random);
  }

  #open(found: unknown): WaitingLetter | null {
    const row = found as Row | undefined;
    if (!row) return null;
    const { content, unsure, ...rest } = row;
    const opened = unseal(content, placeOf(row.id, row.user), this.#sealing.key).reveal();
    return { ...rest, ...(JSON.parse(opened.toString()) as Content), unsure: unsure === 1 };
  }
}

function placeOf(row: LetterId, user: number): Place {
  return { table: 'letter', column: 'content', user, row };
}
