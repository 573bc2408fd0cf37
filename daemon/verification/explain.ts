// Owns the diagnosis of a refused code: it was right at another moment, so a clock is wrong. Text only, never a door.

import type { Secret } from '../kernel/secret.ts';
import { sameCode } from './judge.ts';
import { codeAt, PERIOD, type Step } from './totp.ts';

/** 60 minutes back and 10 minutes ahead, in steps. */
export const REACH_BACK = 120;
export const REACH_AHEAD = 20;

export interface OtherMoment {
  readonly step: Step;
  /** Steps from now: negative, the code is old and the phone is slow. */
  readonly offset: number;
  readonly seconds: number;
}

/** The moment nearest to now at which a single code is right, outside the steps `skip`. */
export function otherMoment(
  code: string,
  now: Step,
  secret: Secret,
  skip: readonly number[],
  reach: { readonly back: number; readonly ahead: number } = { back: REACH_BACK, ahead: REACH_AHEAD },
): OtherMoment | null {
  let found: OtherMoment | null = null;
  for (let offset = -reach.back; offset <= reach.ahead; offset++) {
    if (skip.includes(offset) || !sameCode(code, codeAt(secret, now + offset))) continue;
    if (found && Math.abs(found.offset) < Math.abs(offset)) continue;
    found = { step: now + offset, offset, seconds: (Math.abs(offset) * PERIOD) / 1000 };
  }
  return found;
}
