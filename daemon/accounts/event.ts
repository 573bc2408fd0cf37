// Owns what the pipeline reports of an account: its password changed, or it was removed.

import { endDevices } from '../devices/trust.ts';
import type { Parts } from '../service/parts.ts';
import { stateDenial } from './identify.ts';

/**
 * Ends what was issued before: browsers known by a token, open logins, waiting redemptions. A new password also
 * opens TOTP again to strangers. A removal only marks; root deletes. Says nothing about whether the user exists.
 * @throws Fault `store-unavailable`
 */
export async function accountEvent(
  { state, clock, logins, directory }: Parts,
  name: string,
  event: 'password-changed' | 'removed',
): Promise<void> {
  const problem = state.problem();
  if (problem) throw problem;
  const found = await directory.resolve(name);
  if (stateDenial(state, name)) throw state.problem();
  const changed = await state.write((t) => {
    const user = t.users.byName(name) ?? (found.kind === 'found' ? t.users.byUid(found.account.uid) : null);
    if (!user) return null;
    const at = clock.now();
    t.audit.add({ at, user: user.name, service: null, address: null, outcome: event, because: 'reported' });
    endDevices(t, user, at, event === 'removed' ? 'account-removed' : event);
    const factor = t.factors.of(user.id);
    if (factor && event === 'password-changed') {
      t.factors.save({ ...factor, strangersFailures: 0, strangersFailedAt: at });
    }
    return t.users.save({
      ...user,
      generation: user.generation + 1,
      counter: user.counter + 1,
      removedAt: event === 'removed' ? at : user.removedAt,
    });
  }, 'now');
  if (found.kind === 'found') logins.endAll(found.account.uid);
  if (!changed) return;
  logins.endAll(changed.uid);
  state.roster.record(changed);
}
