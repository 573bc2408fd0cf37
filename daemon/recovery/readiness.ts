// Owns who could get back in today without the phone. Runs on a reading of the state.

import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import { mailboxOf } from './mailbox.ts';

/** Has this user a recovery code, or a Security Email that a code would reach? A mail server in trouble reaches nobody. */
export function isReady(t: Tables, user: number, now: Instant): boolean {
  return t.recoveryCodes.left(user, now) > 0 || isMailReady(t, user, now);
}

/** The names of those who enrolled and could not, in their order. */
export function notReady(t: Tables, now: Instant): string[] {
  return t.recoveryCodes
    .without(now)
    .filter(({ id }) => !isMailReady(t, id, now))
    .map(({ name }) => name);
}

function isMailReady(t: Tables, user: number, now: Instant): boolean {
  const mailbox = mailboxOf(t, user, now);
  const inTrouble = (t.mail.current().experience?.trouble ?? null) !== null;
  return mailbox !== null && mailbox.closed === null && !inTrouble;
}
