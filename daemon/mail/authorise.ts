// Owns beginning the authorisation of the system at a mail provider: a code that a person types in there.

import { Fault } from '../kernel/fault.ts';
import { later, SECOND, toRfc3339 } from '../kernel/instant.ts';
import { Secret } from '../kernel/secret.ts';
import type { Parts } from '../service/parts.ts';
import { readOffer } from '../wire/mail.ts';
import type { Authorisation } from '../wire/mail-setting.ts';
import { explain } from './explain.ts';
import { oauthClient } from './prepare.ts';
import { isAuthorised } from './presets.ts';
import type { MailSetting } from './setting.ts';

/**
 * What the person is shown; `pollMail` says how it went. Another call begins anew.
 * @throws Fault `mail-not-authorisable` where this provider, or this NAS, knows no such way; `mail-not-sent` where the
 * provider gives none
 */
export async function authoriseMail(parts: Parts): Promise<Authorisation> {
  const { state, clock, mail: desk } = parts;
  const { setting, version } = state.read((t) => t.mail.current());
  if (setting === null || !isAuthorised(setting.provider)) throw passwordProvider();
  const client = oauthClient(parts);
  if (client === null) throw unregistered();
  const offer = readOffer(await desk.role.handle({ kind: 'authorise', client }).catch(() => null));
  if (offer === null) throw providerFailed(setting, 'authorisation-unreachable', '');
  if (offer.outcome === 'failed') throw providerFailed(setting, offer.failure, offer.said);
  const elapsed = clock.elapsed();
  desk.authorising = {
    version,
    deviceCode: new Secret(Buffer.from(offer.deviceCode)),
    until: elapsed + offer.expiresIn * SECOND,
    interval: offer.interval * SECOND,
    notBefore: elapsed,
  };
  return {
    userCode: offer.userCode,
    verificationUri: offer.verificationUri,
    expires: toRfc3339(later(clock.now(), offer.expiresIn * SECOND)),
    interval: offer.interval,
  };
}

/** The provider's refusal, in its own words where it has some. */
export function providerFailed(
  setting: MailSetting,
  failure: Parameters<typeof explain>[0],
  said: string,
): Fault {
  const { text, hint } = explain(failure, said, setting);
  return new Fault('mail-provider-failed', text, hint);
}

function passwordProvider(): Fault {
  return new Fault(
    'mail-not-authorisable',
    'The mail provider that is set takes a password, not an authorisation.',
    'Set up Outlook.com or Microsoft 365 first.',
  );
}

function unregistered(): Fault {
  return new Fault(
    'mail-not-authorisable',
    'This NAS has no client ID at Microsoft, so nobody can authorise it there.',
    'Register an application (public client, device code flow, permission SMTP.Send) and enter its ID in config.toml: [outlook] client_id.',
  );
}
