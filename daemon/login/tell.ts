// Owns what a user is told of second steps: wrong codes in a row, a recovery code that was used. In a transaction.

import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { Factor } from '../store/factors.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { throttleStateOf } from '../verification/stored.ts';
import type { Lane } from '../verification/throttle.ts';

const ALARMS = [5, 10, 20];

/** Tells the user where this answer was such a failure of its lane. @param before the factor before it was judged */
export function tellFailures(
  t: Tables,
  { clock }: Pick<Parts, 'clock'>,
  user: User,
  before: Factor,
  { lane, address }: { readonly lane: Lane; readonly address: string | null },
): void {
  const factor = t.factors.of(user.id);
  if (!factor) return;
  const count = throttleStateOf(factor).lanes[lane].failures;
  if (count === throttleStateOf(before).lanes[lane].failures || !ALARMS.includes(count)) return;
  notify(t, { clock }, user, 'failures', { count, address });
}

/** Tells the user that one of his recovery codes, or a pass, was used, and how many are left. */
export function tellRecoveryCode(
  t: Tables,
  { clock }: Pick<Parts, 'clock'>,
  user: User,
  address: string | null,
): void {
  notify(t, { clock }, user, 'recovery-code-used', {
    count: t.recoveryCodes.left(user.id, clock.now()),
    address,
  });
}
