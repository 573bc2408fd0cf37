// Owns what follows when the database may have forgotten something: what it may have forgotten to spend dies.

import { endDevices } from '../devices/trust.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import { stepAt } from '../verification/totp.ts';
import type { Roster } from './roster.ts';

/**
 * For each user whose counter in the database is lower than in the roster: tokens, passes and recovery codes
 * end, only time steps that begin later count, and more than one code is asked for first. A user without a
 * factor stays behind the roster, which `identify` reads as lost state: he may have enrolled since.
 */
export function reconcile(tables: Tables, roster: Roster, now: Instant): void {
  for (const entry of roster.entries()) {
    const user = tables.users.byName(entry.name);
    if (!user || user.counter >= entry.counter) continue;
    const factor = tables.factors.of(user.id);
    if (!factor) continue;
    tables.recoveryCodes.clear(user.id);
    tables.mailedCodes.clear(user.id);
    // A mailed password reset may be among what was forgotten: the mailbox alone is not believed for a while.
    tables.passwordResets.put(user.id, now);
    endDevices(tables, user, now, 'rolled-back');
    tables.factors.save({ ...factor, earliestStep: stepAt(now) + 1, pairFirst: 1 });
    // Past any generation that was ever in force: each raised the counter too. What was issued under one that the
    // database has forgotten would work again otherwise.
    const generation = user.generation + (entry.counter - user.counter) + 1;
    tables.users.save({ ...user, counter: entry.counter, generation });
    tables.audit.add({
      at: now,
      user: user.name,
      service: null,
      address: null,
      outcome: 'rolled-back',
      because: 'database-older-than-roster',
    });
  }
}

/**
 * For everybody: recovery codes and passes end, only time steps that begin later count, and more than one code is
 * asked for first. What was issued to browsers ends too. Roster and counters stay.
 */
export function distrust(tables: Tables, now: Instant, because: string): void {
  tables.factors.startAt(stepAt(now) + 1);
  for (const user of tables.users.all()) {
    tables.recoveryCodes.clear(user.id);
    tables.users.save({ ...user, generation: user.generation + 1 });
  }
  tables.audit.add({
    at: now,
    user: 'root',
    service: null,
    address: null,
    outcome: 'state-distrusted',
    because,
  });
}
