// Owns how the system sends mail: the server, who signs in there, and what is known of whether it works.

import type { Instant } from '../kernel/instant.ts';

export const PROVIDERS = ['gmail', 'outlook', 'microsoft365', 'smtp'] as const;
export type Provider = (typeof PROVIDERS)[number];

export const SECURITIES = ['tls', 'starttls', 'plain'] as const;
export type Security = (typeof SECURITIES)[number];

export interface MailSetting {
  readonly provider: Provider;
  /** The address that letters come from. */
  readonly sender: string;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  /** Who signs in; `null` where nobody does. */
  readonly account: string | null;
  /** Certificates of a private server's authority, an absolute path; `null` for those of the system. */
  readonly caFile: string | null;
}

/** The last time somebody spoke with the server. */
export interface MailExperience {
  readonly at: Instant;
  /** What went wrong; `null` where nothing did. */
  readonly trouble: { readonly code: string; readonly text: string } | null;
}
