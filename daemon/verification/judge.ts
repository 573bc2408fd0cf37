// Owns the verdict on typed codes: right and unspent, right but spent, or not right now. Pure.

import { timingSafeEqual } from 'node:crypto';
import type { Secret } from '../kernel/secret.ts';
import { type Drift, windowOf } from './drift.ts';
import { codeAt, type Step } from './totp.ts';

/** What has been spent of a factor, and what its phone is like. */
export interface FactorState {
  readonly secret: Secret;
  readonly drift: Drift;
  /** The highest step that ever opened a door; steps at or below it are spent. */
  readonly lastStep: Step;
  /** Steps before this one never count (set after a rollback or a restore). */
  readonly earliestStep: Step;
  /** Single steps that may not count although they lie above `lastStep`. */
  readonly burnt: ReadonlySet<Step>;
}

export type Judgement =
  | { readonly kind: 'match'; readonly step: Step; readonly offset: number; readonly heals: boolean }
  | { readonly kind: 'used'; readonly step: Step }
  | { readonly kind: 'none' };

/**
 * Judges one, two or three consecutive codes against the window around `now`. The last code's step has to lie
 * in the window; every code of a pair or triple has to be unspent, or one that somebody looked on would do.
 *
 * Of several matching steps the highest is spent, and with it those right behind it that share its digits, in
 * the window or not: one code never opens the door twice.
 *
 * `clockTrusted`: a `lastStep` far ahead was left by a clock that ran in the future. Only then, and only by more
 * than one code, it is healed (DESIGN: replay); a single code is never enough to move it back.
 */
export function judge(
  codes: readonly string[],
  now: Step,
  factor: FactorState,
  clockTrusted: boolean,
): Judgement {
  const window = windowOf(factor.drift);
  const heals = clockTrusted && codes.length > 1 && ranAhead(factor, now);
  const last = heals ? lastBefore(factor, now) : factor.lastStep;
  const spent = (step: Step) => step <= last || step < factor.earliestStep || factor.burnt.has(step);

  let match: Judgement = { kind: 'none' };
  for (const offset of window) {
    const end = now + offset;
    const first = end - codes.length + 1;
    if (!codes.every((code, i) => sameCode(code, codeAt(factor.secret, first + i)))) continue;
    const used = codes.some((_, i) => spent(first + i));
    if (used && match.kind !== 'match') match = { kind: 'used', step: end };
    if (!used) match = { kind: 'match', step: withTwins(end, factor.secret), offset, heals };
  }
  return match;
}

/** Was the last code spent by a clock that ran in the future? A step beyond the window is a shared code's. */
export function ranAhead({ drift, lastStep }: Pick<FactorState, 'drift' | 'lastStep'>, now: Step): boolean {
  return lastStep > now + Math.max(...windowOf(drift)) + 1;
}

/** What was spent before the clock ran ahead: the last of the steps remembered by themselves that has come. */
function lastBefore({ drift, burnt }: FactorState, now: Step): Step {
  const come = now + Math.max(...windowOf(drift));
  return Math.max(-1, ...[...burnt].filter((step) => step <= come));
}

/** The last of the steps from `step` on that share its digits: about one code in a million has a twin. */
export function withTwins(step: Step, secret: Secret): Step {
  const code = codeAt(secret, step) ?? '';
  let last = step;
  while (sameCode(code, codeAt(secret, last + 1))) last++;
  return last;
}

/** Compares without telling by its duration how many digits were right. */
export function sameCode(typed: string, right: string | null): boolean {
  const a = Buffer.from(typed);
  const b = Buffer.from(right ?? '');
  return a.length === b.length && timingSafeEqual(a, b);
}
