// Owns what enrolling writes: the factor, its recovery codes, and the user's new generation. In one transaction.

import type { Instant } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import type { Secret } from '../kernel/secret.ts';
import { Verdict } from '../kernel/verdict.ts';
import { hashRecoveryCode, newRecoveryCodes, readRecoveryCode } from '../recovery/code.ts';
import type { MasterKey } from '../store/key.ts';
import { seal } from '../store/seal.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { seedPlace, throttleColumns } from '../verification/stored.ts';
import { fresh } from '../verification/throttle.ts';
import type { FirstCode } from './first-code.ts';

export interface Enrolled {
  readonly user: User;
  readonly recoveryCodes: readonly string[];
  readonly verdict: Verdict;
}

/**
 * Gives a user without a factor his factor. The enrolling code is spent. The counter rises, so that an older
 * database cannot make him "not enrolled" again.
 */
export function enrol(
  t: Tables,
  who: { readonly name: string; readonly uid: number },
  secret: Secret,
  first: Extract<FirstCode, { kind: 'right' }>,
  now: Instant,
  { key, random }: { readonly key: MasterKey; readonly random: Random },
): Enrolled {
  const known = t.users.byUid(who.uid) ?? t.users.add(who.name, who.uid);
  const user = t.users.save({
    ...known,
    generation: known.generation + 1,
    counter: known.counter + 1,
    removedAt: null,
    missingSince: null,
  });
  t.factors.add({
    user: user.id,
    secret: seal(secret, seedPlace(user.id), key, random),
    enrolledAt: now,
    enrolledStep: first.step,
    lastStep: first.step,
    earliestStep: 0,
    pairFirst: 0,
    drift: first.drift,
    lastLogin: null,
    ...throttleColumns(fresh(now)),
  });
  const recoveryCodes = newRecoveryCodes(random);
  t.recoveryCodes.replace(user.id, 'code', hashesOf(recoveryCodes, user.id, key), now, null);
  return { user, recoveryCodes, verdict: new Verdict('enrolled') };
}

/** What is stored of new recovery codes. */
export function hashesOf(codes: readonly string[], user: number, key: MasterKey): Buffer[] {
  return codes.map((code) =>
    hashRecoveryCode(readRecoveryCode(code) ?? '', user, key.subkey('recovery-code')),
  );
}
