// Owns mailing a code: the caps, the row that it is judged by, and the letter. Runs inside a use-case's transaction.

import { type Instant, later, type Millis } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import type { CodeKind, LetterId, Lane as LetterLane, Locale } from '../mail/letter.ts';
import { mailConfigured, queueLetter, withinBudget } from '../mail/queue.ts';
import type { MasterKey } from '../store/key.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { CLOSED_FOR, type MailLane, STRANGERS_CLOSED_AT, waitForMail } from './allowance.ts';
import {
  hashMailedCode,
  MAILED_CODE_LIVES,
  MAILED_CODE_TRIES,
  type MailedKind,
  newMailedCode,
  readMailedCode,
  subjectOf,
} from './mailed-code.ts';

export interface Wanted {
  readonly user: User;
  readonly to: { readonly address: string; readonly locale: Locale };
  readonly kind: MailedKind;
  /** What the code is for: see `subjectOf`. */
  readonly id: string;
  readonly lane: MailLane;
  readonly service: string | null;
  /** Where it was asked from. */
  readonly from: string | null;
}

export type Mailing =
  | { readonly kind: 'queued'; readonly letter: LetterId }
  | { readonly kind: 'wait'; readonly retryAfter: Millis }
  | { readonly kind: 'mail-not-set-up' };

const LETTERS: Readonly<Record<MailedKind, CodeKind>> = {
  emergency: 'emergency-code',
  reset: 'password-reset-code',
  confirm: 'confirm-address',
  'replace-phone': 'replace-phone-code',
};

/**
 * Queues a letter with a new code, which takes the place of the last one of its subject. Past a cap nothing changes.
 * The caller kicks the outbox after the commit.
 */
export function mailCode(
  t: Tables,
  wanted: Wanted,
  now: Instant,
  { key, random }: { readonly key: MasterKey; readonly random: Random },
): Mailing {
  if (!mailConfigured(t)) return { kind: 'mail-not-set-up' };
  const { user, to, kind, id, lane, service, from } = wanted;
  const retryAfter = Math.max(
    waitForMail(t.mailedCodes.requests(user.id, lane), now),
    waitOfAll(t, lane, now),
  );
  if (retryAfter > 0) return { kind: 'wait', retryAfter };
  t.mailedCodes.requested(user.id, lane, now);
  const code = newMailedCode(random);
  const until = later(now, MAILED_CODE_LIVES);
  storeCode(t, { kind, id, user: user.id, code }, now, key);
  const letter = queueLetter(t, {
    user,
    to: to.address,
    locale: to.locale,
    letter: { kind: LETTERS[kind], code, validFor: MAILED_CODE_LIVES, service, address: from },
    at: now,
    until,
    lane: letterLane(lane),
  });
  return { kind: 'queued', letter };
}

/** What a code is judged by. `user` is `null` for the reset of a name that gets no mail. */
export function storeCode(
  t: Tables,
  { kind, id, user, code }: { kind: MailedKind; id: string; user: number | null; code: string },
  now: Instant,
  key: MasterKey,
): void {
  const subject = subjectOf(kind, id);
  t.mailedCodes.put({
    subject,
    kind,
    user,
    hash: hashMailedCode(readMailedCode(code) ?? '', subject, key.subkey('mailed-code')),
    tries: MAILED_CODE_TRIES,
    issuedAt: now,
    expiresAt: later(now, MAILED_CODE_LIVES),
  });
}

/** The day's budget of everybody. */
function waitOfAll(t: Tables, lane: MailLane, now: Instant): Millis {
  const open = withinBudget(t, letterLane(lane), now);
  const kept = lane === 'strangers' && t.letters.countOfDay(now) >= STRANGERS_CLOSED_AT;
  return open && !kept ? 0 : CLOSED_FOR;
}

function letterLane(lane: MailLane): LetterLane {
  if (lane === 'confirm') return 'confirm';
  return lane === 'reset' || lane === 'reset-known' ? 'reset' : 'emergency';
}
