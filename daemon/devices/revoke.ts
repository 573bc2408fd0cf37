// Owns the revocation of a trusted device, or of all of them: by their user, or by who administers the NAS.

import { resolveAccount } from '../accounts/resolve-account.ts';
import { Fault } from '../kernel/fault.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { standing } from './standing.ts';

/**
 * Ends the trust in one device, or in `all`; what has ended already stays as it is. The user's counter rises, so that
 * an older database cannot bring the trust back.
 * @throws Fault `unknown-device`, `store-unavailable` and those of `resolveAccount`
 */
export async function revokeDevices(
  parts: Parts,
  name: string,
  which: number | 'all',
  actor: Actor,
): Promise<void> {
  const { state, clock, config, outbox } = parts;
  const who = await resolveAccount(parts, name);
  const mine = actor.kind === 'user' && actor.uid === who.uid;
  const changed = await state.write((t) => {
    const now = clock.now();
    const user = t.users.byUid(who.uid);
    const chosen = user ? t.devices.of(user.id).filter(({ id }) => which === 'all' || id === which) : [];
    if (which !== 'all' && chosen.length === 0) throw unknownDevice();
    // One that exempts from nothing just now (the feature is off, the clock is wrong) could do so again.
    const ending = chosen.filter((device) => {
      const is = user && standing(device, user, now, config.limits.trustedDeviceDays);
      return device.endedAt === null && !(is?.kind === 'ended' && is.because === 'expired');
    });
    const [first] = ending;
    if (!user || !first) return null;
    for (const device of ending)
      t.devices.end(device, now, mine ? 'revoked-by-user' : 'revoked-by-administrator');
    const one = ending.length === 1;
    t.audit.add(
      rowBy(actor, now, user.name, 'device-revoked', one ? first.name : `${ending.length} devices`),
    );
    const details = { count: ending.length, ...(one ? { name: first.name } : {}) };
    notify(t, { clock }, user, 'devices-revoked', { ...details, actor: mine ? null : actor.name });
    return t.users.save({ ...user, counter: user.counter + 1 });
  });
  if (!changed) return;
  state.roster.record(changed);
  outbox.kick();
}

function unknownDevice(): Fault {
  return new Fault(
    'unknown-device',
    'This user has no device with that number. Nothing was changed.',
    'Ask for the list again; the numbers are in it.',
  );
}
