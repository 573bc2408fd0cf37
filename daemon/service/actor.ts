// Owns who asks for a change, and how the audit trail names him.

import type { Instant } from '../kernel/instant.ts';
import type { AuditEntry } from '../store/audit.ts';

export type Actor =
  /** Whoever reached admin.sock. */
  | { readonly kind: 'root'; readonly name: 'root' }
  /** A signed-in user, whom the gateway named. */
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly uid: number;
      /** Where his browser is, as the gateway says. */
      readonly address: string | null;
    };

export const ROOT: Actor = { kind: 'root', name: 'root' };

/** An audit row on `user` for what this actor decided. */
export function rowBy(
  actor: Actor,
  at: Instant,
  user: string,
  outcome: string,
  because: string | null,
): AuditEntry {
  return {
    at,
    user,
    service: actor.kind === 'user' ? 'web.sock' : null,
    address: actor.kind === 'user' ? actor.address : null,
    outcome,
    because,
    actor: actor.name === user ? null : actor.name,
  };
}
