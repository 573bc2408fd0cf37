// Owns what a letter says, before it is put into words: a code that was asked for, or a notice of what happened.

import type { Instant, Millis } from '../kernel/instant.ts';

export type Locale = 'en' | 'zh-CN';

/** Who goes first, and whose share of the day it is. */
export type Lane = 'emergency' | 'reset' | 'confirm' | 'notice';

export const NOTICE_EVENTS = [
  'two-factor-on',
  'two-factor-off',
  'two-factor-reset',
  'phone-replaced',
  'device-trusted',
  'device-theft',
  'devices-revoked',
  'recovery-code-used',
  'recovery-codes-renewed',
  'pass-issued',
  'failures',
  'address-set',
  'address-changed',
  'address-removed',
  'password-reset',
  'mail-changed',
  'policy-changed',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

/** What more can be said of an event. Never a code, a token or a password. */
export interface NoticeDetails {
  /** How many failures; how many codes are left; how many devices. */
  readonly count?: number;
  /** The name of a device, or of an address that was set (masked). */
  readonly name?: string;
  /** Where it was asked from. */
  readonly address?: string | null;
  /** Who decided, where it was not the user himself. */
  readonly actor?: string | null;
  readonly reason?: string | null;
}

export type CodeKind = 'emergency-code' | 'password-reset-code' | 'confirm-address' | 'replace-phone-code';

export interface CodeLetter {
  readonly kind: CodeKind;
  /** As it is to be typed. */
  readonly code: string;
  /** From the moment it was asked for. */
  readonly validFor: Millis;
  /** What the login was for, where there was one. */
  readonly service: string | null;
  /** Where it was asked from, as the pipeline says. */
  readonly address: string | null;
}

export interface Notice extends NoticeDetails {
  readonly kind: 'notice';
  readonly event: NoticeEvent;
  /** How many events of the kind this letter stands for; absent for one. */
  readonly times?: number;
}

export type Letter = CodeLetter | Notice;

export type LetterId = number;

/** One letter to one person, as it is queued. */
export interface Posting {
  readonly user: { readonly id: number; readonly name: string };
  readonly to: string;
  readonly locale: Locale;
  readonly letter: Letter;
  readonly at: Instant;
  /** After this moment it is not sent any more. */
  readonly until: Instant;
  readonly lane: Lane;
}
