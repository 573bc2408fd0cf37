// Owns which ways of answering work for a user right now. Pure.

import type { Method } from '../wire/login.ts';

/** @param suspended TOTP is closed in the lane that asks. @param recoveryCodes how many are left, passes included. */
export function methodsNow(suspended: boolean, recoveryCodes: number): Method[] {
  const totp: Method[] = suspended ? [] : ['totp'];
  return recoveryCodes > 0 ? [...totp, 'recovery-code'] : totp;
}
