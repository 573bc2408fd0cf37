// Owns putting a letter into the outbox, within what providers let a NAS send in a day.

import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import { domainOf } from './address.ts';
import { fits, topicOf } from './budget.ts';
import type { Lane, LetterId, Posting } from './letter.ts';

/** What stands for a letter that was not queued: no letter ever has it, and its outcome is `failed`. */
const NOT_QUEUED: LetterId = 0;

/** Is there a mail server to hand letters to? */
export function mailConfigured(tables: Tables): boolean {
  return tables.mail.current().setting !== null;
}

/** Would a letter of this lane still be sent today? Providers cut a NAS off at a few hundred mails a day. */
export function withinBudget(tables: Tables, lane: Lane, at: Instant): boolean {
  return fits(lane, tables.letters.countOfDay(at));
}

/**
 * Queues a letter, sealed; call `outbox.kick()` after the commit. A notice takes the place of one of the same event
 * that still waits for the same person. Past its lane's budget nothing is queued, and the outcome is `failed` at once.
 */
export function queueLetter(tables: Tables, posting: Posting): LetterId {
  const { user, to, locale, letter, at, until, lane } = posting;
  const topic = topicOf(letter);
  const waiting = letter.kind === 'notice' ? tables.letters.waiting(user.id, to, topic) : null;
  if (waiting && letter.kind === 'notice') {
    const before = waiting.letter.kind === 'notice' ? (waiting.letter.times ?? 1) : 1;
    return tables.letters.rewrite(waiting, { ...letter, times: before + 1 }, until);
  }
  tables.letters.prune(at);
  if (!withinBudget(tables, lane, at)) return NOT_QUEUED;
  const sender = tables.mail.current().setting?.sender;
  return tables.letters.add(
    { user: user.id, name: user.name, lane, topic, recipient: to, locale, letter, at, until },
    sender === undefined ? 'localhost' : domainOf(sender),
  );
}

/** Takes a letter back that was not sent yet: its code is not worth anything any more. */
export function cancelLetter(tables: Tables, id: LetterId): void {
  if (tables.letters.stateOf(id) === 'queued') tables.letters.end(id, 'failed');
}
