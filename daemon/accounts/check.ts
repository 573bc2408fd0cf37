// Owns the daily look at the directory: whom it no longer knows is marked, and old audit rows are forgotten.

import { DAY, later } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import type { Resolution } from './directory.ts';

/**
 * Marks users whose name the directory does not know, or knows with another uid, and takes the mark away from whom it
 * knows again. A mark closes nothing and opens nothing: a directory that is away says "unknown" too, and only root
 * forgets an account. What the pipeline reported stays. Commits only where something changed.
 * @throws Fault `store-unavailable`
 */
export async function checkAccounts({ state, clock, directory, config }: Parts): Promise<void> {
  const answers: (readonly [User, Resolution])[] = [];
  for (const user of state.read((t) => t.users.all())) {
    answers.push([user, await directory.resolve(user.name)]);
  }
  await state.write((t) => {
    const at = clock.now();
    for (const [asked, answer] of answers) {
      const user = t.users.byId(asked.id);
      const finding = user && findingOf(user, answer);
      if (!user || !finding) continue;
      t.users.save({ ...user, missingSince: finding === 'found-again' ? null : at });
      const outcome = finding === 'found-again' ? finding : 'missing';
      const because = finding === 'found-again' ? null : finding;
      t.audit.add({
        at,
        user: user.name,
        service: null,
        address: null,
        outcome,
        because,
        actor: 'daily-check',
      });
    }
    t.policies.settle(at);
    // A board that has lost the time would keep or forget by accident.
    if (clock.trust() !== 'below-floor') t.audit.forgetBefore(later(at, -config.limits.auditDays * DAY));
  });
}

function findingOf(
  user: User,
  answer: Resolution,
): 'unknown-user' | 'identity-changed' | 'found-again' | null {
  if (answer.kind === 'unavailable' || (answer.kind === 'found' && answer.stale)) return null;
  const there = answer.kind === 'found' && answer.account.uid === user.uid;
  if (there) return user.missingSince === null ? null : 'found-again';
  if (user.missingSince !== null) return null;
  return answer.kind === 'found' ? 'identity-changed' : 'unknown-user';
}
