// Owns what a user's Security Email is good for right now. Runs inside a use-case's transaction, or on a reading of it.

import type { Instant } from '../kernel/instant.ts';
import { masked } from '../mail/address.ts';
import type { Locale } from '../mail/letter.ts';
import { mailConfigured } from '../mail/queue.ts';
import type { Tables } from '../store/tables.ts';
import { isRecentReset } from './recent-reset.ts';

export interface Mailbox {
  readonly address: string;
  readonly locale: Locale;
  /** As it may be shown. */
  readonly masked: string;
  /** Why no code can go there as a second step; `null` where one can. */
  readonly closed: 'mail-not-set-up' | 'recent-reset' | null;
}

/** The confirmed Security Email of a user; `null` where he has none. */
export function mailboxOf(t: Tables, user: number, now: Instant): Mailbox | null {
  const confirmed = t.securityEmails.confirmed(user);
  if (!confirmed) return null;
  const recent = isRecentReset(t.passwordResets.at(user), now);
  const closed = !mailConfigured(t) ? 'mail-not-set-up' : recent ? 'recent-reset' : null;
  return { ...confirmed, masked: masked(confirmed.address), closed };
}
