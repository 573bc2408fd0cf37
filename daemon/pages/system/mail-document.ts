// Owns what the page knows of the email service.

export const PROVIDERS = ['gmail', 'outlook', 'microsoft365', 'smtp'] as const;
export const SECURITIES = ['tls', 'starttls', 'plain'] as const;

export type Provider = (typeof PROVIDERS)[number];
export type Security = (typeof SECURITIES)[number];

export interface MailDocument {
  readonly provider: Provider | null;
  readonly from: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly security: Security | null;
  readonly user: string | null;
  readonly hasPassword: boolean;
  readonly authorised: boolean | null;
  readonly working: boolean | null;
  readonly lastError: string | null;
  readonly queued: number;
}

export interface TestStep {
  readonly step: string;
  readonly ok: boolean;
  readonly text: string;
  readonly hint: string | null;
}

/** Who signs in with a code at the provider, and not with a password here. */
export function signsInByCode(provider: Provider | null): boolean {
  return provider === 'outlook' || provider === 'microsoft365';
}
