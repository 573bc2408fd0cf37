// Owns how fast codes may be guessed: waits, the bucket, and when one code is no longer enough. Pure.

import { DAY, type Instant, instant, type Millis, SECOND } from '../kernel/instant.ts';

/** Who is guessing: browsers nobody has seen, browsers that completed a login before, signed-in sessions. */
export type Lane = 'strangers' | 'known' | 'step-up';
export const LANES: readonly Lane[] = ['strangers', 'known', 'step-up'];

export interface LaneState {
  readonly failures: number;
  readonly failedAt: Instant;
}

export interface ThrottleState {
  /** Credit left, in milliseconds of refill; see `UNIT`. One bucket serves all lanes. */
  readonly bucket: number;
  readonly bucketAt: Instant;
  readonly lanes: Readonly<Record<Lane, LaneState>>;
}

/** Three units come back in 16 days, so one unit is this much time: the bucket needs no fractions. */
export const UNIT: Millis = (16 * DAY) / 3;
export const BUCKET_UNITS = 20;
export const BUCKET_FULL = BUCKET_UNITS * UNIT;

/** A success gives back at most this many failures, those of its own login. */
export const REFUNDED_FAILURES = 5;

/** From here on TOTP is closed to strangers until the password changes or root says so. */
export const SUSPENDED_AT = 100;

const WAITS: readonly Millis[] = [0, 0, 0, 0, 5 * SECOND, 10 * SECOND, 20 * SECOND];

/** A throttle nobody has failed against. */
export function fresh(now: Instant): ThrottleState {
  const none: LaneState = { failures: 0, failedAt: now };
  return { bucket: BUCKET_FULL, bucketAt: now, lanes: { strangers: none, known: none, 'step-up': none } };
}

/** Credits the time since the last credit. A clock that swings back and forth credits nothing twice. */
export function refill(state: ThrottleState, now: Instant): ThrottleState {
  const since = Math.max(0, now - state.bucketAt);
  return {
    ...state,
    bucket: Math.min(BUCKET_FULL, state.bucket + since),
    bucketAt: instant(Math.max(now, state.bucketAt)),
  };
}

/** May a single code be looked at, when a guess hits `window` of a million? The bucket never lends. */
export function affords(state: ThrottleState, window: number): boolean {
  return state.bucket >= window * UNIT;
}

/** How long the lane still has to wait before a single code is looked at, in ms. */
export function waitLeft(state: ThrottleState, lane: Lane, now: Instant): Millis {
  const { failures, failedAt } = state.lanes[lane];
  const wait = WAITS[Math.min(failures, WAITS.length - 1)] ?? 0;
  // A clock that was put back must not stretch the wait: a failure that lies ahead is over.
  if (failedAt > now) return 0;
  return Math.max(0, wait - (now - failedAt));
}

/** Is TOTP closed in this lane? Known devices and sessions are never shut out by strangers. */
export function suspended(state: ThrottleState, lane: Lane): boolean {
  return lane === 'strangers' && state.lanes.strangers.failures >= SUSPENDED_AT;
}

/** A failure in a lane that costs `units` of the bucket (0 for a used code, an old one, or a pair). */
export function fail(state: ThrottleState, lane: Lane, units: number, now: Instant): ThrottleState {
  const failures = Math.min(state.lanes[lane].failures + 1, 1_000_000);
  return {
    ...state,
    bucket: Math.max(0, state.bucket - units * UNIT),
    lanes: { ...state.lanes, [lane]: { failures, failedAt: now } },
  };
}

/** Failures that could not be written when they happened, `units` of the bucket in all. */
export function owe(
  state: ThrottleState,
  lane: Lane,
  debt: { units: number; failures: number },
): ThrottleState {
  if (debt.failures === 0) return state;
  const { failures, failedAt } = state.lanes[lane];
  return {
    ...state,
    bucket: Math.max(0, state.bucket - debt.units * UNIT),
    lanes: { ...state.lanes, [lane]: { failures: failures + debt.failures, failedAt } },
  };
}

/** What a success gives back of what the failures of its login cost, in units. */
export function refundOf(paid: readonly number[]): number {
  return paid
    .filter((units) => units > 0)
    .slice(0, REFUNDED_FAILURES)
    .reduce((sum, units) => sum + units, 0);
}

/**
 * A success in a lane: its count starts again, and what its own login paid (`units`) comes back. A suspension
 * stays: a recovery code gets its owner in, but it does not open TOTP to strangers again.
 */
export function succeed(state: ThrottleState, lane: Lane, units: number, now: Instant): ThrottleState {
  const bucket = Math.min(BUCKET_FULL, state.bucket + units * UNIT);
  if (suspended(state, lane)) return { ...state, bucket };
  return { ...state, bucket, lanes: { ...state.lanes, [lane]: { failures: 0, failedAt: now } } };
}
