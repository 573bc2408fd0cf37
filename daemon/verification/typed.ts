// Owns how a typed one-time password is read: forgiving about spaces and full-width digits, strict about the rest.

import type { Form } from '../wire/login.ts';

export interface TypedCodes {
  readonly form: Form;
  /** Six ASCII digits each, in the order typed. */
  readonly codes: readonly string[];
}

/** NFKC, then spaces and every kind of hyphen removed. */
export function normalise(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\p{Pd}\u2212]/gu, '');
}

/** One, two or three codes of six digits in one string; `null` when it is anything else. */
export function readTyped(typed: string): TypedCodes | null {
  const digits = normalise(typed);
  if (!/^(?:[0-9]{6}){1,3}$/.test(digits)) return null;
  const codes = digits.match(/.{6}/g) ?? [];
  return { form: codes.length === 1 ? 'single' : codes.length === 2 ? 'pair' : 'triple', codes };
}
