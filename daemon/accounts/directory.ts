// Owns the question "who is this?": what every directory of users answers, and which names can be asked.

import { Fault } from '../kernel/fault.ts';
import type { Account } from './account.ts';

/**
 * What a directory says about a name. `unavailable` means that it could not be asked or gave no sensible
 * answer: it is no evidence that the account does not exist.
 */
export type Resolution =
  | {
      readonly kind: 'found';
      readonly account: Account;
      /** It is what was last known, because the directory cannot answer now. */
      readonly stale: boolean;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

export type GroupResolution =
  | { readonly kind: 'found'; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

export interface Directory {
  /** Who a name means. Never rejects. */
  resolve(name: string): Promise<Resolution>;
  /**
   * The names of all groups of an account, the primary one included; a group without a name appears as its
   * number.
   * @throws Fault `directory-unavailable`
   */
  groups(account: Account): Promise<readonly string[]>;
  /** The group of that name, with the members it lists: nested and primary ones often are not. Never rejects. */
  group(name: string): Promise<GroupResolution>;
  /**
   * The accounts that the directory is willing to enumerate. Network directories often show none, so absence
   * here says nothing about whether an account exists.
   * @throws Fault `directory-unavailable`
   */
  list(): Promise<readonly Account[]>;
}

export const UNKNOWN = { kind: 'unknown' } as const;
export const UNAVAILABLE = { kind: 'unavailable' } as const;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Is it free of control and invisible formatting characters? */
export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/**
 * Can it be a user's name at all? Anything else is unknown without asking: names that a command line would take
 * for an option, that passwd(5) could not hold, or that NSS compat mode treats as an instruction.
 */
export function isName(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= 256 &&
    text.isWellFormed() &&
    text.trim() === text &&
    !/^[-+@]|[:/\ufffd]/.test(text) &&
    isPrintable(text)
  );
}

/** The fault for groups and lists that the directory could not give. */
export function unavailable(what: string, cause?: unknown): Fault {
  return new Fault(
    'directory-unavailable',
    `The system did not say ${what}: its user directory is away, too slow, or gave an answer that makes no sense.`,
    'Check with "getent passwd" and, for LDAP or Active Directory, with the service behind it (sssd, winbind); then try again.',
    cause,
  );
}
