// Owns the judgement on a mailed code: paid for, then compared, then spent. Runs inside a use-case's transaction.

import { timingSafeEqual } from 'node:crypto';
import type { Instant } from '../kernel/instant.ts';
import type { Factor } from '../store/factors.ts';
import type { MasterKey } from '../store/key.ts';
import type { State } from '../store/state.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { throttleColumns, throttleStateOf } from '../verification/stored.ts';
import { type Lane, refill, refundOf, succeed } from '../verification/throttle.ts';
import { hashMailedCode, isLive, type MailedKind, readMailedCode, subjectOf } from './mailed-code.ts';

export type Judged =
  | { readonly kind: 'right'; readonly user: number }
  /** `expired-code`: there is none that could be right, so nothing was compared. */
  | { readonly kind: 'refused'; readonly because: 'wrong-code' | 'expired-code' };

/** Judges what was typed for one subject. What cannot be a mailed code costs no try. */
export function judgeMailed(
  t: Tables,
  { kind, id, typed }: { readonly kind: MailedKind; readonly id: string; readonly typed: string },
  now: Instant,
  key: MasterKey,
): Judged {
  const subject = subjectOf(kind, id);
  const stored = t.mailedCodes.of(subject, kind);
  if (!stored || !isLive(stored, now)) return { kind: 'refused', because: 'expired-code' };
  const code = readMailedCode(typed);
  if (code === null) return { kind: 'refused', because: 'wrong-code' };
  if (!t.mailedCodes.pay(subject)) return { kind: 'refused', because: 'expired-code' };
  const right = timingSafeEqual(hashMailedCode(code, subject, key.subkey('mailed-code')), stored.hash);
  if (!right || stored.user === null) return { kind: 'refused', because: 'wrong-code' };
  t.mailedCodes.take(subject);
  return { kind: 'right', user: stored.user };
}

/**
 * Spends the emergency code of one login. It grants no trust, but like every way in it starts the lane's count again;
 * and it raises the user's counter, which has to be in the roster before the answer.
 * @param paid what the failures of the same login cost, given back here
 */
export function spendEmergencyCode(
  t: Tables,
  state: State,
  { user, factor }: { readonly user: User; readonly factor: Factor },
  { id, typed }: { readonly id: string; readonly typed: string },
  { lane, paid, now }: { readonly lane: Lane; readonly paid: readonly number[]; readonly now: Instant },
): Judged {
  const judged = judgeMailed(t, { kind: 'emergency', id, typed }, now, state.key());
  if (judged.kind !== 'right') return judged;
  if (judged.user !== user.id) return { kind: 'refused', because: 'expired-code' };
  // What follows has to reach the roster: one that failed before is tried first, and its Fault undoes the spending.
  if (!state.roster.sound) state.roster.record();
  t.users.save({ ...user, counter: user.counter + 1 });
  const throttle = succeed(refill(throttleStateOf(factor), now), lane, refundOf(paid), now);
  t.factors.save({ ...factor, ...throttleColumns(throttle), lastLogin: now });
  return judged;
}
