// Owns a login on a trusted device: its token stands for the second step, or gives a theft away.

import { look, recognise } from '../devices/recognise.ts';
import type { DeviceToken } from '../devices/token.ts';
import type { Verdict } from '../kernel/verdict.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { BeginBody } from '../wire/login.ts';

export interface ByDevice {
  readonly user: string;
  readonly verdict: Verdict;
  /** The device's next token, once a day. */
  readonly successor: DeviceToken | null;
}

/**
 * Lets in whose browser shows a trusted device's token; `null` where the second step is asked for. A token whose
 * successor was presented before was copied: the device ends, and its user is told.
 * @throws Fault `store-unavailable`
 */
export async function byDevice(
  { state, clock, random, config, outbox }: Parts,
  body: BeginBody,
  userId: number,
): Promise<ByDevice | null> {
  const { deviceToken } = body;
  // Without a roster that can be believed nobody knows whether the database is of today.
  if (deviceToken === undefined || !state.roster.sound) return null;
  const present = () => {
    const days = config.limits.trustedDeviceDays;
    return { now: clock.now(), clock: clock.trust(), days, key: state.key() };
  };
  const worthIt = state.read((t) => {
    const user = t.users.byId(userId);
    const seen = user && look(t, user, deviceToken, present());
    return seen?.kind === 'trusted' || seen?.kind === 'theft';
  });
  if (!worthIt) return null;
  const address = body.remoteAddress ?? null;
  const decided = await state.write((t) => {
    const user = t.users.byId(userId);
    if (!user || !t.factors.of(user.id)) return null;
    const found = recognise(t, user, deviceToken, { ...present(), random, address });
    if (found.kind === 'asked') return null;
    const row = { at: clock.now(), user: user.name, service: body.service, address };
    if (found.kind === 'trusted') {
      t.audit.add({ ...row, outcome: 'allow', because: 'trusted-device' });
      return { user: user.name, verdict: found.verdict, successor: found.successor };
    }
    t.audit.add({ ...row, outcome: 'device-revoked', because: 'stolen' });
    notify(t, { clock }, user, 'device-theft', { name: found.device.name, address });
    return { stolenFrom: found.user };
  }, 'now');
  if (!decided) return null;
  if (!('stolenFrom' in decided)) return decided;
  state.roster.record(decided.stolenFrom);
  outbox.kick();
  return null;
}
