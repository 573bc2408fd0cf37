// Owns how long a letter that was not taken waits for its next try.

import { MINUTE, type Millis, SECOND } from '../kernel/instant.ts';
import type { MailFailure } from '../wire/mail.ts';
import type { Lane } from './letter.ts';

const FIRST: Millis = 5 * SECOND;
/** Somebody is waiting for a code, and it lives for minutes. */
const MOST_FOR_CODES: Millis = MINUTE;
const MOST_FOR_NOTICES: Millis = 30 * MINUTE;

/** Providers lock accounts that sign in wrongly again and again. */
const AFTER_SIGN_IN: Millis = MINUTE;
const SIGN_IN: ReadonlySet<MailFailure | null> = new Set<MailFailure>([
  'sign-in-refused',
  'passwords-refused',
  'authorisation-ended',
]);

/** @param tries how often it was tried, at least 1 */
export function pauseAfter(tries: number, lane: Lane, failure: MailFailure | null): Millis {
  const most = lane === 'notice' ? MOST_FOR_NOTICES : MOST_FOR_CODES;
  const doubled = Math.min(FIRST * 2 ** Math.min(tries - 1, 20), most);
  return SIGN_IN.has(failure) ? Math.max(doubled, AFTER_SIGN_IN) : doubled;
}
