// Owns changing who has to use two-factor.

import { Fault } from '../kernel/fault.ts';
import type { Parts } from '../service/parts.ts';
import type { Policy } from '../store/policies.ts';
import type { PolicyDocument } from '../wire/admin.ts';

export type { Policy };

/** The policy in force. */
export function showPolicy({ state }: Parts): Policy {
  return state.read((t) => t.policies.current());
}

/**
 * Puts a policy in force. `version` is the one that was read before.
 * @throws Fault `policy-changed` when somebody else was faster; nothing is changed then.
 */
export async function setPolicy(
  { state, clock }: Parts,
  wanted: PolicyDocument,
  version: number | null,
): Promise<Policy> {
  return state.write((t) => {
    const current = t.policies.current();
    if (current.version !== version) throw changed(current.version);
    const policy = { ...wanted, version: current.version + 1 };
    const at = clock.now();
    t.policies.put(policy, at);
    const because = `scope=${policy.scope} grace=${policy.graceDays}d`;
    t.audit.add({ at, user: 'root', service: null, address: null, outcome: 'policy-set', because });
    return policy;
  });
}

function changed(version: number): Fault {
  return new Fault(
    'policy-changed',
    `The policy was changed by somebody else (it is at version ${version} now), or the request does not say which version it read. Nothing was changed.`,
    'Look at it again and repeat the change.',
  );
}
