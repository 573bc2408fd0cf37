// Owns the code that was mailed to a new Security Email: from then on the address counts, and the old one is told.

import { Fault } from '../kernel/fault.ts';
import { masked } from '../mail/address.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { notify, notifyAt } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { judgeMailed } from './spend-mailed.ts';

type Decided = { readonly changed: User } | { readonly because: 'wrong-code' | 'expired-code' };

/**
 * Codes that went to the address before end. The counter rises, so that an older database cannot bring it back unnoticed.
 * @throws Fault `mailed-code-refused`, `store-unavailable`
 */
export async function confirmSecurityEmail(
  parts: Parts,
  who: { readonly uid: number },
  typed: string,
  actor: Actor,
): Promise<void> {
  const { state, clock, outbox } = parts;
  const decided = await state.write((t): Decided => {
    const now = clock.now();
    const user = t.users.byUid(who.uid);
    const pending = user && t.securityEmails.of(user.id)?.pending;
    if (!user || !pending) return { because: 'expired-code' };
    const judged = judgeMailed(t, { kind: 'confirm', id: `${user.id}`, typed }, now, state.key());
    if (judged.kind === 'refused') {
      if (judged.because === 'wrong-code') {
        t.audit.add(rowBy(actor, now, user.name, 'refused', 'security-email: wrong-code'));
      }
      return judged;
    }
    const before = t.securityEmails.confirmed(user.id);
    t.securityEmails.confirm(user.id, now);
    t.mailedCodes.clear(user.id);
    t.audit.add(rowBy(actor, now, user.name, 'security-email-confirmed', masked(pending)));
    const by = {
      name: masked(pending),
      address: actor.kind === 'user' ? actor.address : null,
      actor: actor.name === user.name ? null : actor.name,
    };
    const other = before !== undefined && before.address !== pending;
    if (other) notifyAt(t, now, user, before, 'address-changed', by);
    notify(t, parts, user, other ? 'address-changed' : 'address-set', by);
    return { changed: t.users.save({ ...user, counter: user.counter + 1 }) };
  });
  if ('because' in decided) throw refusedCode(decided.because);
  state.roster.record(decided.changed);
  outbox.kick();
}

function refusedCode(because: 'wrong-code' | 'expired-code'): Fault {
  return because === 'wrong-code'
    ? new Fault(
        'mailed-code-refused',
        'This is not the code that was mailed to the new address, so the address does not count yet.',
        'Type the code of the newest mail; after five wrong ones have a new one sent.',
      )
    : new Fault(
        'mailed-code-refused',
        'No code is open for a new address: it has expired, was used, was replaced, or was wrong five times.',
        'Set the address again to have a new code sent.',
      );
}
