// Owns the list of a user's devices: those that are trusted, and why others are not any more.

import { resolveAccount } from '../accounts/resolve-account.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { DevicesDocument } from '../wire/devices.ts';
import { standing } from './standing.ts';

/** @throws Fault `store-unavailable` and those of `resolveAccount` */
export async function listDevices(parts: Parts, name: string): Promise<DevicesDocument> {
  const { state, clock, config } = parts;
  const who = await resolveAccount(parts, name);
  const now = clock.now();
  const judged = state.read((t) => {
    const user = t.users.byUid(who.uid);
    if (!user) return [];
    return t.devices
      .of(user.id)
      .filter(({ issued }) => issued === 1)
      .map((device) => ({ device, is: standing(device, user, now, config.limits.trustedDeviceDays) }));
  });
  const devices: DevicesDocument['devices'] = [];
  const ended: DevicesDocument['ended'] = [];
  for (const { device, is } of judged.sort((a, b) => b.device.lastUsed - a.device.lastUsed)) {
    const { id, name: called, browser, system, address, since, lastUsed } = device;
    if (is.kind === 'ended') ended.push({ name: called, because: is.because, at: toRfc3339(is.at) });
    else {
      const times = { since: toRfc3339(since), lastUsed: toRfc3339(lastUsed), until: toRfc3339(is.until) };
      devices.push({ id, name: called, browser, system, address, ...times });
    }
  }
  return { devices, ended: ended.sort((a, b) => (a.at < b.at ? 1 : -1)) };
}
