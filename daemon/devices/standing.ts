// Owns whether a trusted device still is one, and if not, why it ended. Pure.

import { DAY, type Instant, instant, later } from '../kernel/instant.ts';
import type { DeviceEnding as Ending } from '../wire/devices.ts';

export type { DeviceEnding as Ending } from '../wire/devices.ts';

export interface Device {
  readonly id: number;
  readonly user: number;
  /** The user's generation when it was trusted. */
  readonly generation: number;
  readonly name: string;
  readonly browser: string | null;
  readonly system: string | null;
  /** Where it was last seen from, with the precision of a day. */
  readonly address: string | null;
  readonly since: Instant;
  /** With the precision of a day. */
  readonly lastUsed: Instant;
  readonly rotatedAt: Instant;
  readonly until: Instant;
  readonly endedAt: Instant | null;
  readonly because: Ending | null;
}

export type Standing =
  | { readonly kind: 'trusted'; readonly until: Instant }
  /** `dated`: `at` is when it ended, and not only when that was seen. */
  | { readonly kind: 'ended'; readonly because: Ending; readonly at: Instant; readonly dated: boolean };

/** Why a device is not trusted any more; `at`: since when, where that is known. */
export interface TrustEnd {
  readonly because: Ending;
  readonly at: Instant | null;
}

/**
 * By corrected time. `days` is what the configuration allows now: a shorter trust than when the device was trusted
 * counts, a longer one does not, and 0 trusts nothing.
 */
export function standing(
  device: Pick<Device, 'generation' | 'since' | 'lastUsed' | 'until' | 'endedAt' | 'because'>,
  user: { readonly generation: number },
  now: Instant,
  days: number,
): Standing {
  if (device.endedAt !== null) return ended(device.because ?? 'account-changed', device.endedAt);
  if (device.generation !== user.generation) return ended('account-changed', device.lastUsed, false);
  if (days === 0) return ended('switched-off', now, false);
  // Trusted by a clock in the future: nobody knows how long it has been.
  if (device.since > later(now, DAY)) return ended('clock-changed', now, false);
  const until = later(device.since, days * DAY);
  const ends = instant(Math.min(until, device.until));
  return now < ends ? { kind: 'trusted', until: ends } : ended('expired', ends);
}

/** After such an end nothing speaks against the browser: it was known to its user, and still is. */
export function staysKnown(because: Ending): boolean {
  return because === 'expired' || because === 'switched-off' || because === 'too-many';
}

/** Is its daily rotation due? A clock that was put back makes it due as well. */
export function rotationDue({ rotatedAt }: Pick<Device, 'rotatedAt'>, now: Instant): boolean {
  return Math.abs(now - rotatedAt) >= DAY;
}

function ended(because: Ending, at: Instant, dated = true): Standing {
  return { kind: 'ended', because, at, dated };
}
