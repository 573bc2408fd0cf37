// Owns asking whether somebody has authorised the system at the mail provider, and keeping what it gave.

import { SECOND } from '../kernel/instant.ts';
import { Secret } from '../kernel/secret.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import { readPolled } from '../wire/mail.ts';
import type { AuthorisationState } from '../wire/mail-setting.ts';
import { providerFailed } from './authorise.ts';
import { oauthClient } from './prepare.ts';
import { probe } from './probe.ts';

/** RFC 8628 §3.5: what "slow down" adds to the interval. */
const SLOWER = 5 * SECOND;

/**
 * How it stands. The provider is not asked more often than it wants: in between the answer is `pending`.
 * `expired` also where none was begun, or the settings have changed since.
 * @throws Fault `mail-provider-failed`, `store-unavailable`
 */
export async function pollAuthorisation(parts: Parts, actor: Actor): Promise<AuthorisationState> {
  const { state, clock, mail: desk, outbox } = parts;
  const waiting = desk.authorising;
  const client = oauthClient(parts);
  const { setting, version } = state.read((t) => t.mail.current());
  if (!waiting || !client || setting === null || waiting.version !== version) return { state: 'expired' };
  const elapsed = clock.elapsed();
  if (waiting.until <= elapsed) {
    desk.authorising = null;
    return { state: 'expired' };
  }
  if (waiting.notBefore > elapsed) return { state: 'pending' };
  desk.authorising = { ...waiting, notBefore: elapsed + waiting.interval };
  const deviceCode = waiting.deviceCode.reveal().toString('utf8');
  const polled = readPolled(await desk.role.handle({ kind: 'poll', client, deviceCode }).catch(() => null));
  if (polled === null) throw providerFailed(setting, 'authorisation-unreachable', '');
  switch (polled.outcome) {
    case 'pending':
      return { state: 'pending' };
    case 'slow-down': {
      const interval = waiting.interval + SLOWER;
      desk.authorising = { ...waiting, interval, notBefore: elapsed + interval };
      return { state: 'pending' };
    }
    case 'failed':
      throw providerFailed(setting, polled.failure, polled.said);
    case 'declined':
    case 'expired':
      desk.authorising = null;
      return { state: polled.outcome };
    case 'authorised':
      break;
  }
  desk.authorising = null;
  const { refreshToken } = polled;
  // Without one the system could send for an hour only.
  if (refreshToken === null) throw providerFailed(setting, 'authorisation-ended', '');
  await state.write((t) => {
    if (t.mail.current().version !== version) return;
    t.mail.keep('refresh_token', new Secret(Buffer.from(refreshToken)));
    t.audit.add(rowBy(actor, clock.now(), actor.name, 'mail-authorised', setting.provider));
  });
  desk.keep(
    version,
    new Secret(Buffer.from(polled.accessToken)),
    clock.elapsed() + polled.expiresIn * SECOND,
  );
  outbox.retry();
  void probe(parts);
  return { state: 'authorised' };
}
