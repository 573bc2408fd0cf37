// Owns the spending of a recovery code or a one-time pass inside a transaction.

import type { Instant } from '../kernel/instant.ts';
import type { Factor } from '../store/factors.ts';
import type { State } from '../store/state.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { throttleColumns, throttleStateOf } from '../verification/stored.ts';
import { type Lane, refill, refundOf, succeed } from '../verification/throttle.ts';
import { hashRecoveryCode, readRecoveryCode } from './code.ts';

/**
 * Spends the code that was typed; false where it is none of this user's. 80 bits cannot be guessed, so no wait
 * stands before them. A spent one raises the user's counter, which has to be in the roster before the answer.
 * @param paid what the failures of the same login cost, given back here
 */
export function spendRecoveryCode(
  t: Tables,
  state: State,
  { user, factor }: { readonly user: User; readonly factor: Factor },
  typed: string,
  { lane, paid, now }: { readonly lane: Lane; readonly paid: readonly number[]; readonly now: Instant },
): boolean {
  const code = readRecoveryCode(typed);
  const hash = code && hashRecoveryCode(code, user.id, state.key().subkey('recovery-code'));
  if (!hash || !t.recoveryCodes.take(user.id, hash, now)) return false;
  // What follows has to reach the roster: one that failed before is tried first, and its Fault undoes the spending.
  if (!state.roster.sound) state.roster.record();
  t.users.save({ ...user, counter: user.counter + 1 });
  const throttle = succeed(refill(throttleStateOf(factor), now), lane, refundOf(paid), now);
  t.factors.save({ ...factor, ...throttleColumns(throttle), lastLogin: now });
  return true;
}
