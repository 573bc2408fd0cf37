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
 * Of several matching steps the highest is spent, so that adjacent steps that share their digits cannot open
 * the door twice with one code.
 *
 * `clockTrusted`: a `lastStep` ahead of the window was left by a clock that ran in the future. Only then, and
 * only by more than one code, it is healed (DESIGN: replay); a single code is never enough to move it back.
 */
export function judge(
  codes: readonly string[],
  now: Step,
  factor: FactorState,
  clockTrusted: boolean,
): Judgement {
  const window = windowOf(factor.drift);
  const ahead = factor.lastStep > now + Math.max(...window);
  const heals = ahead && clockTrusted && codes.length > 1;
  const spent = (step: Step) =>
    (!heals && step <= factor.lastStep) || step < factor.earliestStep || factor.burnt.has(step);

  let match: Judgement = { kind: 'none' };
  for (const offset of window) {
    const last = now + offset;
    const first = last - codes.length + 1;
    if (!codes.every((code, i) => sameCode(code, codeAt(factor.secret, first + i)))) continue;
    const used = codes.some((_, i) => spent(first + i));
    if (used && match.kind !== 'match') match = { kind: 'used', step: last };
    if (!used) match = { kind: 'match', step: last, offset, heals };
  }
  return match;
}

/** Compares without telling by its duration how many digits were right. */
export function sameCode(typed: string, right: string | null): boolean {
  const a = Buffer.from(typed);
  const b = Buffer.from(right ?? '');
  return a.length === b.length && timingSafeEqual(a, b);
}
