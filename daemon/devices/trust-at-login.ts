// Owns "Trust this device" on an accepted answer: the device's row, its first token, and who is told. In a transaction.

import type { Login } from '../login/challenge.ts';
import type { Channel } from '../login/outcome.ts';
import { auditRow } from '../login/settle.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import type { DeviceToken } from './token.ts';
import { issueTrusted, trust } from './trust.ts';
import type { Agent } from './user-agent.ts';

export interface Trusted {
  /** The device's row, for who redeems the login later. */
  readonly device: number | null;
  /** `null` where the token waits to be redeemed, or nothing is trusted. */
  readonly token: DeviceToken | null;
}

/**
 * Trusts the device that this login came from, unless the person did not ask for it or the configuration trusts none.
 * @param name what the person calls it; `undefined` where he did not ask
 */
export function trustAtLogin(
  { clock, config, state, random }: Parts,
  t: Tables,
  {
    login,
    user,
    name,
    agent,
    channel,
  }: {
    readonly login: Login;
    readonly user: User;
    readonly name: string | undefined;
    readonly agent: Agent;
    readonly channel: Channel;
  },
): Trusted {
  const days = config.limits.trustedDeviceDays;
  if (name === undefined || days === 0) return { device: null, token: null };
  const now = clock.now();
  const { address } = login;
  const { device, newPlace } = trust(t, user, { name, agent, address }, now, days);
  t.audit.add(auditRow(login, now, 'device-trusted', device.name));
  if (newPlace) notify(t, { clock }, user, 'device-trusted', { name: device.name, address });
  if (channel === 'page') return { device: device.id, token: null };
  return { device: null, token: issueTrusted(t, user, device, device.until, { key: state.key(), random }) };
}
