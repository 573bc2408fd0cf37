// Owns taking a Security Email away: nothing is mailed there any more but the notice that says so.

import { type Actor, rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { requireStepUp } from './set-security-email.ts';

/** Codes that were mailed end. Where there was none, nothing changes. @throws Fault `store-unavailable` */
export async function removeSecurityEmail(
  parts: Parts,
  who: { readonly uid: number },
  actor: Actor,
): Promise<void> {
  const { state, clock, outbox } = parts;
  const changed = await state.write((t) => {
    const user = t.users.byUid(who.uid);
    if (!user || !t.securityEmails.of(user.id)) return null;
    notify(t, parts, user, 'address-removed', {
      address: actor.kind === 'user' ? actor.address : null,
      actor: actor.name === user.name ? null : actor.name,
    });
    t.securityEmails.remove(user.id);
    t.mailedCodes.clear(user.id);
    t.audit.add(rowBy(actor, clock.now(), user.name, 'security-email-removed', null));
    return t.users.save({ ...user, counter: user.counter + 1 });
  });
  if (!changed) return;
  state.roster.record(changed);
  outbox.kick();
}

/** The same for oneself: where he has a factor, with a fresh second step. @throws also Fault `step-up-required` */
export async function removeOwnSecurityEmail(parts: Parts, caller: Caller): Promise<void> {
  requireStepUp(parts, caller);
  await removeSecurityEmail(parts, caller, caller);
}
