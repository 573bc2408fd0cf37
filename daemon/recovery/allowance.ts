// Owns how often a code is mailed: the caps of one lane of one user. Never for good. Pure.

import { HOUR, type Instant, MINUTE, type Millis } from '../kernel/instant.ts';

/** Who asks; each has caps of his own, so that nobody uses up another's. */
export type MailLane = 'strangers' | 'known' | 'step-up' | 'reset' | 'reset-known' | 'confirm';

export const MAILS_AN_HOUR = 6;
const BETWEEN: Millis = MINUTE;

/**
 * Past so many letters of everybody within a day strangers get no more emergency codes; what is left of the day's
 * budget is kept for browsers that logged in before, whose requests nobody who only knows a password can make.
 */
export const STRANGERS_CLOSED_AT = 180;

/** How long a closed day's budget is said to last: it is a sliding day, so some of it comes back all the time. */
export const CLOSED_FOR: Millis = HOUR;

/**
 * How long until the lane may have another mail, in ms: one a minute, and six an hour.
 * @param requests when it had its last ones, oldest first; what lies ahead of a clock that was put back is over
 */
export function waitForMail(requests: readonly Instant[], now: Instant): Millis {
  const recent = requests.filter((at) => at <= now && at > now - HOUR);
  const last = recent.at(-1);
  const sixth = recent.at(-MAILS_AN_HOUR);
  const afterLast = last === undefined ? 0 : last + BETWEEN - now;
  const afterSixth = sixth === undefined ? 0 : sixth + HOUR - now;
  return Math.max(0, afterLast, afterSixth);
}
