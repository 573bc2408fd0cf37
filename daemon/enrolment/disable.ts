// Owns switching two-factor off for oneself: where nobody requires it.

import { personOf } from '../accounts/person.ts';
import { Fault } from '../kernel/fault.ts';
import { coverage } from '../policy/requirement.ts';
import { rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { disarm } from './disarm.ts';

/**
 * Takes the caller's own factor away; everything it gave ends.
 * @throws Fault `factor-mandatory` while he is in the policy's scope, or may be; `not-enrolled`; `store-unavailable`
 */
export async function disableOwn(parts: Parts, caller: Caller): Promise<void> {
  const { state, clock, logins, directory, outbox } = parts;
  const found = await directory.resolve(caller.name);
  const person = await personOf(parts, caller, found.kind === 'found' ? found.account : null, true);
  const changed = await state.write((t) => {
    const now = clock.now();
    const covered = coverage(t.policies.current(now), person);
    if (covered === 'inside' || covered === 'unknown') throw mandatory();
    const user = t.users.byUid(caller.uid);
    if (!user || !t.factors.of(user.id)) throw notEnrolled();
    t.audit.add(rowBy(caller, now, user.name, 'disabled', 'by-user'));
    notify(t, parts, user, 'two-factor-off', { address: caller.address });
    return disarm(t, user, now, 'two-factor-off');
  });
  logins.endAll(caller.uid);
  state.roster.record(changed);
  outbox.kick();
}

function mandatory(): Fault {
  return new Fault(
    'factor-mandatory',
    'Two-factor is mandatory for this account, so it cannot be switched off.',
    'A new phone can take the place of the old one; an administrator decides who has to use it.',
  );
}

function notEnrolled(): Fault {
  return new Fault(
    'not-enrolled',
    'This account does not use two-factor.',
    'There is nothing to switch off.',
  );
}
