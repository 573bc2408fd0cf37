// Owns the verdict on the first code of a new secret: it enrols, or says how wrong the phone's clock is. Pure.

import { Fault } from '../kernel/fault.ts';
import type { Secret } from '../kernel/secret.ts';
import { type Drift, driftAtEnrolment, ENROLMENT_REACH } from '../verification/drift.ts';
import { otherMoment } from '../verification/explain.ts';
import { sameCode, withTwins } from '../verification/judge.ts';
import { codeAt, type Step } from '../verification/totp.ts';
import { readTyped } from '../verification/typed.ts';

export type FirstCode =
  /** `step` is spent by enrolling; `drift` is the learned offset to begin with. */
  | { readonly kind: 'right'; readonly step: Step; readonly drift: Drift }
  | { readonly kind: 'off'; readonly code: 'phone-slow' | 'phone-fast'; readonly seconds: number }
  | { readonly kind: 'wrong' };

/** Accepts one step either side; looks five either side only to tell the person about the phone's clock. */
export function judgeFirst(code: string, secret: Secret, now: Step): FirstCode {
  // The highest matching step is spent, so that neighbours that share their digits are spent with it.
  for (const offset of [1, 0, -1]) {
    const drift = driftAtEnrolment(offset);
    if (drift !== null && sameCode(code, codeAt(secret, now + offset))) {
      return { kind: 'right', step: withTwins(now + offset, secret), drift };
    }
  }
  const reach = { back: ENROLMENT_REACH, ahead: ENROLMENT_REACH };
  const other = otherMoment(code, now, secret, [-1, 0, 1], reach);
  if (!other) return { kind: 'wrong' };
  return { kind: 'off', code: other.offset < 0 ? 'phone-slow' : 'phone-fast', seconds: other.seconds };
}

/** The six digits that were typed. @throws Fault `malformed-code` */
export function singleCode(typed: string): string {
  const read = readTyped(typed);
  const [code] = read?.codes ?? [];
  if (read?.form === 'single' && code !== undefined) return code;
  throw new Fault(
    'malformed-code',
    'The first code of a new secret is six digits.',
    'Type the six digits the app shows now; spaces and hyphens do not matter.',
  );
}

/** For who confirms what was never offered. */
export function noEnrolment(): Fault {
  return new Fault(
    'no-enrolment',
    'No secret waits for its first code here: none was asked for, it is older than 15 minutes, or it is confirmed.',
    'Ask for a new secret first.',
  );
}
