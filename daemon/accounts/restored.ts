// Owns what a restored backup means for each user: nothing that was spent since it was taken works again.

import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import { stepAt } from '../verification/totp.ts';
import type { RosterEntry } from './roster.ts';

/** What the person who restores has to know of it. */
export interface Aftermath {
  readonly users: readonly string[];
  /** Their recovery codes and passes ended: some may have been spent since. */
  readonly codesEnded: readonly string[];
  /** The roster knows them, the backup does not, or not as enrolled: they are `state-lost` until root resets them. */
  readonly lost: readonly string[];
}

/**
 * Inside the transaction that puts the rows in. Only time steps that begin later count, and two codes are asked for
 * first. Counters go past both the backup's and the roster's, so that an older database is noticed again.
 * @param witness the roster's entries where it is of the same key; `null` on another board, where nobody can say what
 * was spent: all recovery codes end
 * @param names who else is known, and must not become "not enrolled"
 */
export function afterRestore(
  t: Tables,
  witness: readonly RosterEntry[] | null,
  names: readonly string[],
  now: Instant,
  because: string,
): Aftermath {
  const seen = new Map(witness?.map((entry) => [entry.name, entry.counter]));
  const codesEnded: string[] = [];
  const lost: string[] = [];
  const users = t.users.all();
  for (const user of users) {
    const counter = seen.get(user.name) ?? 0;
    const behind = witness === null || counter > user.counter;
    const enrolled = t.factors.of(user.id) !== null;
    if (behind && t.recoveryCodes.left(user.id, now) > 0) codesEnded.push(user.name);
    if (behind) t.recoveryCodes.clear(user.id);
    if (!enrolled && counter > user.counter) {
      // He may have enrolled since: the row stays behind the roster, which reads as lost state.
      lost.push(user.name);
      continue;
    }
    t.users.save({
      ...user,
      counter: Math.max(counter, user.counter) + 1,
      generation: user.generation + Math.max(0, counter - user.counter) + 1,
    });
  }
  t.factors.startAt(stepAt(now) + 1);
  t.audit.add({ at: now, user: 'root', service: null, address: null, outcome: 'restored', because });
  lost.push(...names.filter((name) => t.users.byName(name) === null));
  return { users: users.map(({ name }) => name), codesEnded, lost };
}
