// Owns the translation between a factor's row and the states that the rules work on.

import type { Factor } from '../store/factors.ts';
import type { MasterKey } from '../store/key.ts';
import { unseal } from '../store/seal.ts';
import type { FactorState } from './judge.ts';
import type { ThrottleState } from './throttle.ts';

/** Where a user's seed lies in the database. */
export function seedPlace(user: number) {
  return { table: 'factor', column: 'secret', user, row: user };
}

/** @throws Fault `key-missing` when the seed cannot be opened. */
export function factorStateOf(row: Factor, burnt: ReadonlySet<number>, key: MasterKey): FactorState {
  const { drift, lastStep, earliestStep } = row;
  return { secret: unseal(row.secret, seedPlace(row.user), key), drift, lastStep, earliestStep, burnt };
}

export function throttleStateOf(row: Factor): ThrottleState {
  return {
    bucket: row.bucket,
    bucketAt: row.bucketAt,
    lanes: {
      strangers: { failures: row.strangersFailures, failedAt: row.strangersFailedAt },
      known: { failures: row.knownFailures, failedAt: row.knownFailedAt },
      'step-up': { failures: row.stepUpFailures, failedAt: row.stepUpFailedAt },
    },
  };
}

/** The columns of a throttle's state. */
export function throttleColumns({ bucket, bucketAt, lanes }: ThrottleState) {
  return {
    bucket,
    bucketAt,
    strangersFailures: lanes.strangers.failures,
    strangersFailedAt: lanes.strangers.failedAt,
    knownFailures: lanes.known.failures,
    knownFailedAt: lanes.known.failedAt,
    stepUpFailures: lanes['step-up'].failures,
    stepUpFailedAt: lanes['step-up'].failedAt,
  };
}
