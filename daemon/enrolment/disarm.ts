// Owns what taking a factor away writes: everything that it gave dies with it.

import type { Ending } from '../devices/standing.ts';
import { endDevices } from '../devices/trust.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';

/** The user keeps his row; the counter rises, so that an older database cannot bring the factor back unnoticed. */
export function disarm(t: Tables, user: User, now: Instant, because: Ending): User {
  t.factors.remove(user.id);
  t.recoveryCodes.clear(user.id);
  endDevices(t, user, now, because);
  return t.users.save({ ...user, generation: user.generation + 1, counter: user.counter + 1 });
}
