// Owns what the page knows of the providers of the email service, beyond the daemon's document.

import type { MailDocument } from '../../wire/mail-setting.ts';

export const PROVIDERS = ['gmail', 'outlook', 'microsoft365', 'smtp'] as const;
export const SECURITIES = ['tls', 'starttls', 'plain'] as const;

export type Provider = (typeof PROVIDERS)[number];
export type Security = (typeof SECURITIES)[number];

/** Who signs in with a code at the provider, and not with a password here. */
export function signsInByCode(provider: MailDocument['provider']): boolean {
  return provider === 'outlook' || provider === 'microsoft365';
}
