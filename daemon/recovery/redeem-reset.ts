// Owns the mailed password-reset code: right once, and then the mailbox alone passes no second step for a while.

import { endDevices } from '../devices/trust.ts';
import { type Refusal, refusal } from '../login/outcome.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { resetId } from './begin-reset.ts';
import { judgeMailed } from './spend-mailed.ts';

export type Redeemed = { readonly kind: 'reset-allowed' } | Refusal;

type Decided = { readonly changed: User } | { readonly because: 'wrong-code' | 'expired-code' };

/**
 * Judges the code of a reset. A right one lets the pipeline set the password, and already ends what a new password
 * ends: open logins, trust, other mailed codes.
 * @throws Fault `store-unavailable`
 */
export async function redeemPasswordReset(
  parts: Parts,
  body: { readonly reset: string; readonly user: string; readonly code: string },
): Promise<Redeemed> {
  const { state, clock, logins, outbox } = parts;
  const decided = await state.write((t): Decided => {
    const now = clock.now();
    const wanted = { kind: 'reset', id: resetId(body.reset, body.user), typed: body.code } as const;
    const judged = judgeMailed(t, wanted, now, state.key());
    if (judged.kind === 'refused') return judged;
    const user = t.users.byId(judged.user);
    if (!user) return { because: 'expired-code' };
    // What follows has to reach the roster: one that failed before is tried first, and its Fault undoes the spending.
    if (!state.roster.sound) state.roster.record();
    t.passwordResets.put(user.id, now);
    t.mailedCodes.clear(user.id);
    endDevices(t, user, now, 'password-changed');
    const row = { at: now, user: user.name, service: null, address: null };
    t.audit.add({ ...row, outcome: 'password-reset', because: 'mailed-code' });
    notify(t, parts, user, 'password-reset');
    return { changed: t.users.save({ ...user, generation: user.generation + 1, counter: user.counter + 1 }) };
  });
  if ('because' in decided) return refusal(decided.because);
  logins.endAll(decided.changed.uid);
  state.roster.record(decided.changed);
  outbox.kick();
  return { kind: 'reset-allowed' };
}
