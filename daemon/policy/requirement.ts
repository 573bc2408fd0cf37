// Owns what the policy asks of a user who has not enrolled. Pure.

import { DAY, type Instant, later } from '../kernel/instant.ts';
import { Verdict } from '../kernel/verdict.ts';

export type Scope = 'none' | 'administrators' | 'all' | 'specific';

/** A user whom a policy names. The uid tells him from a later account of the same name. */
export interface NamedUser {
  readonly name: string;
  readonly uid: number;
}

export interface PolicyRule {
  readonly scope: Scope;
  /** Whom `specific` means; empty in every other scope. */
  readonly users: readonly NamedUser[];
  readonly groups: readonly string[];
  /** Who is left out whatever the scope. */
  readonly exceptUsers: readonly NamedUser[];
  readonly exceptGroups: readonly string[];
  /** 0 to 365. */
  readonly graceDays: number;
}

/** Who is asked about, as the directory knows him. */
export interface Person {
  readonly name: string;
  readonly uid: number;
  /** False for a system account without a login shell, which never counts. */
  readonly loginAccount: boolean;
  /** Names of all groups, nested ones where the directory says so; `null` where nobody knows them. */
  readonly groups: readonly string[] | null;
  /** `null` where that hangs on groups that nobody knows. */
  readonly administrator: boolean | null;
}

export interface Subject extends Person {
  /** When his grace began, if it did. */
  readonly graceFrom: Instant | null;
}

/**
 * `outside`: not meant. `exempt`: a system account, or an exception. `unknown`: it hangs on groups that nobody
 * knows now, so it must not be taken for either.
 */
export type Coverage = 'outside' | 'exempt' | 'inside' | 'unknown';

export type Requirement =
  | { readonly kind: 'not-required'; readonly verdict: Verdict }
  | { readonly kind: 'exempt'; readonly verdict: Verdict }
  | { readonly kind: 'grace'; readonly from: Instant; readonly until: Instant; readonly verdict: Verdict }
  | { readonly kind: 'required' }
  | { readonly kind: 'unknown' };

/** Can the policy be applied without knowing anybody's groups? */
export function needsGroups({ scope, groups, exceptGroups }: PolicyRule): boolean {
  if (scope === 'none') return false;
  return scope === 'administrators' || groups.length > 0 || exceptGroups.length > 0;
}

/** Whom the policy means. */
export function coverage(policy: PolicyRule, person: Person): Coverage {
  if (policy.scope === 'none') return 'outside';
  if (!person.loginAccount) return 'exempt';
  const meant = isMeant(policy, person);
  if (meant === false) return 'outside';
  // Both have to fit: an exception is the one thing that a namesake must not inherit.
  if (policy.exceptUsers.some(({ name, uid }) => name === person.name && uid === person.uid)) return 'exempt';
  if (policy.exceptGroups.length > 0) {
    if (person.groups === null) return 'unknown';
    if (person.groups.some((group) => policy.exceptGroups.includes(group))) return 'exempt';
  }
  return meant ? 'inside' : 'unknown';
}

function isMeant(policy: PolicyRule, person: Person): boolean | null {
  switch (policy.scope) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'administrators':
      return person.administrator;
    case 'specific': {
      // Either is enough: a new name of the uid, and a new account of the name, are covered.
      if (policy.users.some(({ name, uid }) => name === person.name || uid === person.uid)) return true;
      if (policy.groups.length === 0) return false;
      return person.groups === null ? null : person.groups.some((group) => policy.groups.includes(group));
    }
  }
}

/**
 * What applies to this user at `now`. Grace starts at the first login in scope and never starts again, nor later:
 * one that seems to have begun in the future (the clock ran ahead then) begins now.
 */
export function requirement(policy: PolicyRule, subject: Subject, now: Instant): Requirement {
  const covered = coverage(policy, subject);
  if (covered === 'unknown') return { kind: 'unknown' };
  if (covered !== 'inside') {
    const verdict = new Verdict('policy');
    return { kind: covered === 'outside' ? 'not-required' : 'exempt', verdict };
  }
  const from = subject.graceFrom === null || subject.graceFrom > now ? now : subject.graceFrom;
  const until = later(from, policy.graceDays * DAY);
  return now < until ? { kind: 'grace', from, until, verdict: new Verdict('policy') } : { kind: 'required' };
}
