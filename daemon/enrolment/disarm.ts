// Owns what taking a factor away writes: everything that it gave dies with it.

import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';

/** The user keeps his row; the counter rises, so that an older database cannot bring the factor back unnoticed. */
export function disarm(t: Tables, user: User): User {
  t.factors.remove(user.id);
  t.recoveryCodes.clear(user.id);
  return t.users.save({ ...user, generation: user.generation + 1, counter: user.counter + 1 });
}
