// Owns making a device a trusted one, and giving it a token. Runs inside a use-case's transaction.

import { DAY, type Instant, later } from '../kernel/instant.ts';
import { type Random, token } from '../kernel/random.ts';
import { LOGIN_LIVES } from '../login/challenge.ts';
import type { MasterKey } from '../store/key.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { isNewPlace } from './place.ts';
import { type Device, standing } from './standing.ts';
import type { DeviceToken } from './token.ts';
import { hashTrustedToken } from './trusted-token.ts';
import type { Agent } from './user-agent.ts';

/** More than anybody has; the one that was used least recently makes room. */
const DEVICES_A_USER = 50;

export interface Wish {
  /** What the person calls it. */
  readonly name: string;
  readonly agent: Agent;
  readonly address: string | null;
}

/**
 * Writes down a device that `user` trusts from now on for `days` days. It exempts from nothing before it has a token.
 * `newPlace`: no device of his was seen in this network before.
 */
export function trust(
  t: Tables,
  user: User,
  { name, agent, address }: Wish,
  now: Instant,
  days: number,
): { readonly device: Device; readonly newPlace: boolean } {
  t.devices.forgetUnissued(user.id, later(now, -LOGIN_LIVES));
  const before = t.devices.of(user.id);
  const trusted = before.filter((device) => {
    const is = standing(device, user, now, days);
    // Written down now: what has ended is remembered in a bounded number.
    if (is.kind === 'ended' && is.because === 'expired') t.devices.end(device, is.at, is.because);
    return is.kind === 'trusted';
  });
  const least = trusted.reduce<Device | null>(
    (a, b) => (a !== null && a.lastUsed <= b.lastUsed ? a : b),
    null,
  );
  if (least && trusted.length >= DEVICES_A_USER) t.devices.end(least, now, 'too-many');
  const device = t.devices.add({
    user: user.id,
    generation: user.generation,
    name: name.trim() || [agent.browser, agent.system].filter(Boolean).join(', ') || '?',
    ...agent,
    address,
    since: now,
    until: later(now, days * DAY),
  });
  return {
    device,
    newPlace: isNewPlace(
      address,
      before.map((one) => one.address),
    ),
  };
}

/** A new token of a device. Its earlier ones work until this one is presented. */
export function issueTrusted(
  t: Tables,
  user: User,
  device: Pick<Device, 'id'>,
  until: Instant,
  { key, random }: { readonly key: MasterKey; readonly random: Random },
): DeviceToken {
  const made = token(random);
  t.devices.addToken(hashTrustedToken(made, user, key.subkey('trusted-device')), device.id);
  return { token: made, expires: until };
}

/** How many of a user's devices are trusted now. */
export function countTrusted(t: Tables, user: User, now: Instant, days: number): number {
  const trusted = t.devices.of(user.id).filter((one) => standing(one, user, now, days).kind === 'trusted');
  return trusted.filter(({ issued }) => issued === 1).length;
}

/** Everything that a user's devices were trusted for is over. */
export function endDevices(
  t: Tables,
  user: Pick<User, 'id'>,
  now: Instant,
  because: NonNullable<Device['because']>,
): void {
  for (const device of t.devices.of(user.id)) t.devices.end(device, now, because);
}
