// Owns telling a user by mail what happened to his account. Runs inside the transaction of what happened.

import { DAY, type Instant, later } from '../kernel/instant.ts';
import type { Locale, NoticeDetails, NoticeEvent } from '../mail/letter.ts';
import { mailConfigured, queueLetter } from '../mail/queue.ts';
import type { Tables } from '../store/tables.ts';

/** A notice that could not be sent in three days is no news any more. */
const NEWS = 3 * DAY;

interface Who {
  readonly id: number;
  readonly name: string;
}

/**
 * Queues one notice to the user's confirmed Security Email; none where there is none or mail is not set up. The caller
 * kicks the outbox after the commit.
 * @param parts what says the time
 * @param details never holds a code, a token or a password
 */
export function notify(
  tables: Tables,
  { clock }: { readonly clock: { now(): Instant } },
  user: Who,
  event: NoticeEvent,
  details: NoticeDetails = {},
): void {
  const confirmed = tables.securityEmails.confirmed(user.id);
  if (confirmed) notifyAt(tables, clock.now(), user, confirmed, event, details);
}

/** The same to an address given: the one that was just replaced or removed. */
export function notifyAt(
  tables: Tables,
  at: Instant,
  user: Who,
  to: { readonly address: string; readonly locale: Locale },
  event: NoticeEvent,
  details: NoticeDetails = {},
): void {
  if (!mailConfigured(tables)) return;
  queueLetter(tables, {
    user,
    to: to.address,
    locale: to.locale,
    letter: { ...details, kind: 'notice', event },
    at,
    until: later(at, NEWS),
    lane: 'notice',
  });
}
