// Owns what a presented device token is worth: an exemption, a sign of theft, or nothing. Inside a transaction.

import type { ClockTrust, Instant } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import { Verdict } from '../kernel/verdict.ts';
import type { MasterKey } from '../store/key.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { type Device, rotationDue, standing, staysKnown, type TrustEnd } from './standing.ts';
import { type DeviceToken, isKnown } from './token.ts';
import { issueTrusted } from './trust.ts';
import { hashTrustedToken, isTrustedToken } from './trusted-token.ts';

export interface Present {
  readonly now: Instant;
  readonly clock: ClockTrust;
  /** For how many days a device may be trusted. */
  readonly days: number;
  readonly key: MasterKey;
}

export type Seen =
  /** It exempts. `successor`: presented for the first time. */
  | { readonly kind: 'trusted'; readonly device: Device; readonly first: boolean; readonly until: Instant }
  /** A token in whose place another one has been presented: two hold what one was given. */
  | { readonly kind: 'theft'; readonly device: Device }
  /** It exempts no more, or not now. `known`: it is still a browser that its user logged in with. */
  | { readonly kind: 'ended'; readonly end: TrustEnd | null; readonly known: boolean }
  | { readonly kind: 'known' }
  | { readonly kind: 'nothing' };

/** What a token says of the browser that shows it in this user's login. Changes nothing. */
export function look(t: Tables, user: User, token: string | undefined, present: Present): Seen {
  const { now, clock, days, key } = present;
  if (token === undefined) return { kind: 'nothing' };
  if (!isTrustedToken(token)) {
    return { kind: isKnown(token, user, now, key.subkey('known-device')) ? 'known' : 'nothing' };
  }
  const found = t.devices.byToken(hashTrustedToken(token, user, key.subkey('trusted-device')));
  if (!found || found.device.user !== user.id) return { kind: 'nothing' };
  const { device, state } = found;
  const is = standing(device, user, now, days);
  if (is.kind === 'ended') {
    const { because, at, dated } = is;
    return { kind: 'ended', end: { because, at: dated ? at : null }, known: staysKnown(because) };
  }
  if (state === 2) return { kind: 'theft', device };
  // A board that has lost the time cannot tell whether the trust has expired.
  if (clock === 'below-floor') return { kind: 'ended', end: null, known: true };
  return { kind: 'trusted', device, first: state === 0, until: is.until };
}

export type Recognition =
  | { readonly kind: 'trusted'; readonly verdict: Verdict; readonly successor: DeviceToken | null }
  | { readonly kind: 'theft'; readonly device: Device; readonly user: User }
  | { readonly kind: 'asked' };

/**
 * Takes a token at its word or sees the theft in it, and writes down what follows: the first presentation ends the
 * token's predecessors; once a day the device is given the next one. A theft raises the user's counter, which has to
 * be in the roster before the answer.
 */
export function recognise(
  t: Tables,
  user: User,
  token: string,
  present: Present & { readonly random: Random; readonly address: string | null },
): Recognition {
  const seen = look(t, user, token, present);
  if (seen.kind === 'theft') {
    t.devices.end(seen.device, present.now, 'stolen');
    const saved = t.users.save({ ...user, counter: user.counter + 1 });
    return { kind: 'theft', device: seen.device, user: saved };
  }
  if (seen.kind !== 'trusted') return { kind: 'asked' };
  const { device, until } = seen;
  if (seen.first) {
    t.devices.present(hashTrustedToken(token, user, present.key.subkey('trusted-device')), device.id);
  }
  const verdict = new Verdict('trusted-device');
  if (!rotationDue(device, present.now)) return { kind: 'trusted', verdict, successor: null };
  t.devices.use(device.id, present.now, present.address);
  return { kind: 'trusted', verdict, successor: issueTrusted(t, user, device, until, present) };
}
