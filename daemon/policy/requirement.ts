// Owns what the policy asks of a user who has not enrolled. Pure.

import { DAY, type Instant, later } from '../kernel/instant.ts';
import { Verdict } from '../kernel/verdict.ts';

export interface PolicyRule {
  readonly scope: 'none' | 'all';
  readonly graceDays: number;
}

export interface Subject {
  /** False for a system account, which never counts. */
  readonly loginAccount: boolean;
  /** When his grace began, if it did. */
  readonly graceFrom: Instant | null;
}

export type Requirement =
  | { readonly kind: 'not-required'; readonly verdict: Verdict }
  | { readonly kind: 'exempt'; readonly verdict: Verdict }
  | { readonly kind: 'grace'; readonly from: Instant; readonly until: Instant; readonly verdict: Verdict }
  | { readonly kind: 'required' };

/** What applies to this user at `now`. Grace starts at the first login in scope and never starts again. */
export function requirement(policy: PolicyRule, subject: Subject, now: Instant): Requirement {
  const verdict = new Verdict('policy');
  if (policy.scope === 'none') return { kind: 'not-required', verdict };
  if (!subject.loginAccount) return { kind: 'exempt', verdict };
  // A beginning that lies ahead was written by a clock in the future; it does not prolong anything.
  const from = subject.graceFrom !== null && subject.graceFrom <= now ? subject.graceFrom : now;
  const until = later(from, policy.graceDays * DAY);
  return now < until ? { kind: 'grace', from, until, verdict } : { kind: 'required' };
}

/** Does the policy name this user at all? */
export function inScope(policy: PolicyRule, subject: Pick<Subject, 'loginAccount'>): boolean {
  return policy.scope === 'all' && subject.loginAccount;
}
