// Owns what is known of mail providers, and how a wish becomes a whole setting.

import type { MailWanted } from '../wire/mail-setting.ts';
import { readAddress } from './address.ts';
import type { MailSetting, Provider, Security } from './setting.ts';

type Server = Pick<MailSetting, 'host' | 'port' | 'security'>;

const PRESETS: Readonly<Record<Exclude<Provider, 'smtp'>, Server>> = {
  gmail: { host: 'smtp.gmail.com', port: 465, security: 'tls' },
  outlook: { host: 'smtp-mail.outlook.com', port: 587, security: 'starttls' },
  microsoft365: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
};

const PORTS: Readonly<Record<Security, number>> = { tls: 465, starttls: 587, plain: 25 };

/** Does this provider let the system in by an authorisation, and not by a password? */
export function isAuthorised(provider: Provider): boolean {
  return provider === 'outlook' || provider === 'microsoft365';
}

export type Refused =
  | 'bad-sender'
  | 'host-missing'
  | 'passwords-ended'
  | 'password-without-user'
  | 'plain-authorisation';

/** @returns the whole setting, or why there can be none */
export function settingOf(wanted: MailWanted): MailSetting | Refused {
  const { provider, from, user, password, caFile = null } = wanted;
  const sender = readAddress(from);
  if (sender === null) return 'bad-sender';
  const preset = provider === 'smtp' ? null : PRESETS[provider];
  const host = wanted.host ?? preset?.host;
  if (host === undefined) return 'host-missing';
  const security = wanted.security ?? preset?.security ?? 'starttls';
  const port = wanted.port ?? (security === preset?.security ? preset.port : PORTS[security]);
  const account = user ?? (preset ? sender : null);
  // Outlook.com takes none since September 2024; Microsoft 365 may, where its administrator allows it.
  if (typeof password === 'string' && provider === 'outlook') return 'passwords-ended';
  if (typeof password === 'string' && account === null) return 'password-without-user';
  if (isAuthorised(provider) && security === 'plain') return 'plain-authorisation';
  return { provider, sender, host, port, security, account, caFile };
}

/** The password as it is to be sent: Google shows its app passwords in groups of four. */
export function passwordOf(provider: Provider, typed: string): string {
  return provider === 'gmail' ? typed.replaceAll(/\s/g, '') : typed;
}

/**
 * Is it the same mailbox at the same server, and no less protected on the way? Only then may the old credentials stay:
 * otherwise whoever changes the setting could have them sent to a server of his own.
 */
export function isSameAccount(before: MailSetting | null, after: MailSetting): boolean {
  return (
    before !== null &&
    before.provider === after.provider &&
    before.host === after.host &&
    before.port === after.port &&
    before.security === after.security &&
    before.account === after.account &&
    before.caFile === after.caFile
  );
}
