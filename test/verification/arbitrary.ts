// Owns what the property tests draw from: factors, moments and throttles in every state that they can be in.

import fc from 'fast-check';
import { instant } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import type { Drift } from '../../daemon/verification/drift.ts';
import type { FactorState } from '../../daemon/verification/judge.ts';
import { BUCKET_FULL, LANES, type ThrottleState } from '../../daemon/verification/throttle.ts';

/** The same draws on every run: a failure is found again, and no build fails by chance. */
export const FIXED = { seed: 20_261_124, numRuns: 400 } as const;

/** A step of late 2026. */
export const NOW = 59_800_000;

export const drifts = fc.constantFrom<Drift>(-1, 0, 1);
export const lanes = fc.constantFrom(...LANES);
export const keys = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes));

/** A factor around the step `NOW`: spent up to somewhere, some steps burnt, perhaps after a rollback. */
export const factors: fc.Arbitrary<FactorState & { readonly key: Buffer }> = fc
  .record({
    key: keys,
    drift: drifts,
    lastStep: fc.integer({ min: -8, max: 8 }),
    earliestStep: fc.oneof({ weight: 3, arbitrary: fc.constant(-NOW) }, fc.integer({ min: -6, max: 4 })),
    burnt: fc.uniqueArray(fc.integer({ min: -5, max: 5 }), { maxLength: 4 }),
  })
  .map(({ key, drift, lastStep, earliestStep, burnt }) => ({
    key,
    secret: new Secret(key),
    drift,
    lastStep: NOW + lastStep,
    earliestStep: NOW + earliestStep,
    burnt: new Set(burnt.map((offset) => NOW + offset)),
  }));

/** Lowest and highest offset that counts: one step either side of the learned offset and of zero. */
export function edges(drift: Drift): { readonly lowest: number; readonly highest: number } {
  return { lowest: drift === -1 ? -2 : -1, highest: drift === 1 ? 2 : 1 };
}

const lane = fc.record({
  failures: fc.integer({ min: 0, max: 120 }),
  failedAt: fc.integer({ min: -40_000, max: 40_000 }).map(instant),
});

/** A throttle around the moment 0. */
export const throttles: fc.Arbitrary<ThrottleState> = fc.record({
  bucket: fc.integer({ min: 0, max: BUCKET_FULL }),
  bucketAt: fc.integer({ min: -(10 ** 10), max: 10 ** 10 }).map(instant),
  lanes: fc.record({ strangers: lane, known: lane, 'step-up': lane }),
});
