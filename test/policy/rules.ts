// Owns the policies that tests begin with: a rule that names nobody, changed where a test says so.

import type { PolicyRule } from '../../daemon/policy/requirement.ts';
import type { Policy } from '../../daemon/store/policies.ts';

const NOBODY: PolicyRule = {
  scope: 'none',
  users: [],
  groups: [],
  exceptUsers: [],
  exceptGroups: [],
  graceDays: 0,
};

export function rule(changed: Partial<PolicyRule> = {}): PolicyRule {
  return { ...NOBODY, ...changed };
}

/** One that can be stored. */
export function policy(version: number, changed: Partial<PolicyRule> = {}): Policy {
  return { ...rule(changed), version };
}
