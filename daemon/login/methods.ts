// Owns which ways of answering work for a user right now. Pure.

import type { Method } from '../wire/login.ts';

/**
 * @param suspended TOTP is closed in the lane that asks.
 * @param recoveryCodes how many are left, passes included.
 * @param mailable a code can be mailed to a confirmed Security Email.
 */
export function methodsNow(suspended: boolean, recoveryCodes: number, mailable: boolean): Method[] {
  return [
    ...(suspended ? [] : (['totp'] as const)),
    ...(recoveryCodes > 0 ? (['recovery-code'] as const) : []),
    ...(mailable ? (['emergency-code'] as const) : []),
  ];
}
