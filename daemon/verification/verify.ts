// Owns one attempt with one-time passwords inside a transaction: throttled, paid for, judged, spent.

import { type ClockTrust, DAY, type Instant, type Millis } from '../kernel/instant.ts';
import { Verdict } from '../kernel/verdict.ts';
import type { Factor, Factors } from '../store/factors.ts';
import type { MasterKey } from '../store/key.ts';
import type { Form, RefusalCode } from '../wire/login.ts';
import type { Debts } from './debts.ts';
import { learn, nearEdge, windowOf } from './drift.ts';
import { otherMoment } from './explain.ts';
import { type FactorState, type Judgement, judge, ranAhead } from './judge.ts';
import { factorStateOf, throttleColumns, throttleStateOf } from './stored.ts';
import {
  affords,
  fail,
  type Lane,
  owe,
  refill,
  refundOf,
  succeed,
  suspended,
  type ThrottleState,
  waitLeft,
} from './throttle.ts';
import { PERIOD, type Step, stepAt, stepStart } from './totp.ts';
import type { Turns } from './turns.ts';
import type { TypedCodes } from './typed.ts';

export interface Attempt {
  readonly typed: TypedCodes;
  readonly lane: Lane;
  readonly source: string;
  /** Keeps its place in line when more than one code is asked for. */
  readonly login: string;
  /** What this login's earlier failures cost, to be given back by a success. */
  readonly paid: readonly number[];
  readonly now: Instant;
  readonly elapsed: Millis;
  readonly trust: ClockTrust;
  /** On a board that has lost the time: where `locate` found the three codes, after taking their turn. */
  readonly located: Step | null;
}

export interface Diagnosis {
  readonly code: 'phone-slow' | 'phone-fast' | 'just-enrolled' | 'board-clock';
  readonly seconds?: number;
  /** With `board-clock`: the time the code was judged by, which nobody confirmed. Without it, the time is lost. */
  readonly judgedBy?: Instant;
}

export type Verification =
  | { readonly kind: 'accepted'; readonly nearEdge: boolean; readonly verdict: Verdict }
  | { readonly kind: 'wait'; readonly retryAfter: Millis }
  | {
      readonly kind: 'refused';
      readonly because: RefusalCode;
      readonly form: Form;
      readonly retryAfter: Millis;
      /** What it cost the bucket in units; `null` when it was not looked at. */
      readonly cost: number | null;
      readonly diagnosis?: Diagnosis;
    };

export interface Means {
  readonly factors: Factors;
  readonly key: MasterKey;
  readonly turns: Turns;
  readonly debts: Debts;
}

/** The form that a user has to answer in, and how long his lane waits. */
export function demand(row: Factor, lane: Lane, now: Instant, trust: ClockTrust): Demand {
  return demandOf(refill(throttleStateOf(row), now), row, { lane, now, trust });
}

export interface Demand {
  readonly form: Form;
  /** TOTP is closed in this lane. */
  readonly suspended: boolean;
  readonly wait: Millis;
}

/**
 * Judges an attempt and writes down what it cost or spent. Runs inside the caller's transaction, so that the
 * spent step, the count and the audit row are on the medium together, before any answer.
 */
export function verify(stored: Factor, attempt: Attempt, means: Means): Verification {
  const { typed, lane, now } = attempt;
  const row = begun(stored, attempt);
  const throttle = owe(refill(throttleStateOf(row), now), lane, means.debts.of(row.user));
  const demanded = demandOf(throttle, row, attempt);
  const unlooked = { kind: 'refused', form: demanded.form, retryAfter: 0, cost: null } as const;
  if (demanded.suspended) return { ...unlooked, because: 'totp-suspended' };
  if (typed.codes.length < CODES[demanded.form]) return { ...unlooked, because: 'form-required' };
  if (typed.form === 'single') {
    if (demanded.wait > 0) return { kind: 'wait', retryAfter: demanded.wait };
  } else if (attempt.trust !== 'below-floor') {
    const turn = means.turns.ask(row.user, lane, attempt.source, attempt.login, attempt.elapsed);
    if (!turn.go) return { kind: 'wait', retryAfter: turn.retryAfter };
  }
  const state = factorStateOf(row, means.factors.burnt(row.user), means.key);
  const judged =
    attempt.trust === 'below-floor'
      ? judgeLocated(attempt.located, state)
      : judge(typed.codes, stepAt(now), state, attempt.trust === 'trusted');
  if (judged.kind === 'match' && spend(row, judged, means.factors)) {
    return accept(row, attempt, throttle, judged, state.burnt.size, means.factors);
  }
  return refuse(row, attempt, throttle, state, judged, means.factors);
}

/**
 * Where only what begins after a restore or a rollback counts, and a clock in the future said when that was, the true
 * moment is past: what begins from here on is later than it.
 */
function begun(row: Factor, { now, trust }: Pick<Attempt, 'now' | 'trust'>): Factor {
  const next = stepAt(now) + 1;
  return trust === 'trusted' && row.earliestStep > next ? { ...row, earliestStep: next } : row;
}

/** How long a step spent under a clock that nobody vouches for is kept by itself: a week. */
const REMEMBERED: Step = (7 * DAY) / PERIOD;

const CODES: Readonly<Record<Form, number>> = { single: 1, pair: 2, triple: 3 };

function demandOf(
  throttle: ThrottleState,
  row: Factor,
  { lane, now, trust }: Pick<Attempt, 'lane' | 'now' | 'trust'>,
): Demand {
  // Only two codes heal what a clock in the future left behind, so they are what is asked for.
  const healable = trust === 'trusted' && ranAhead(row, stepAt(now));
  const single = row.pairFirst === 0 && !healable && affords(throttle, windowOf(row.drift).length);
  const form: Form = trust === 'below-floor' ? 'triple' : single ? 'single' : 'pair';
  const wait = form === 'single' ? waitLeft(throttle, lane, now) : 0;
  return { form, suspended: suspended(throttle, lane), wait };
}

/** Three codes whose step the search has found: unspent, they count. The phone's offset is not learned. */
function judgeLocated(step: Step | null, { lastStep, earliestStep, burnt, drift }: FactorState): Judgement {
  if (step === null) return { kind: 'none' };
  const steps = [step - 2, step - 1, step];
  const spent = steps.some((one) => one <= lastStep || one < earliestStep || burnt.has(one));
  return spent ? { kind: 'used', step } : { kind: 'match', step, offset: drift, heals: false };
}

type Match = Extract<Judgement, { kind: 'match' }>;

function spend(row: Factor, match: Match, factors: Factors): boolean {
  return match.heals ? factors.heal(row.user, match.step, row.lastStep) : factors.spend(row.user, match.step);
}

function accept(
  row: Factor,
  attempt: Attempt,
  throttle: ThrottleState,
  match: Match,
  burnt: number,
  factors: Factors,
): Verification {
  const { lane, paid, now } = attempt;
  factors.save({
    ...row,
    ...throttleColumns(succeed(throttle, lane, refundOf(paid), now)),
    drift: learn(row.drift, match.offset),
    pairFirst: 0,
    lastLogin: now,
  });
  remember(row, attempt, match, burnt, factors);
  return { kind: 'accepted', nearEdge: nearEdge(match.offset), verdict: new Verdict('spent-code') };
}

/**
 * A clock that nobody vouches for may run in the future, and healing it forgets what was spent up to there. So each
 * spent step is kept by itself for a while, until a trusted clock says that it is past.
 */
function remember(
  row: Factor,
  { trust, typed }: Attempt,
  match: Match,
  burnt: number,
  factors: Factors,
): void {
  if (burnt > 0) factors.prune(row.user, trust === 'trusted' ? match.step : match.step - REMEMBERED);
  if (trust === 'trusted') return;
  factors.burn(row.user, row.lastStep);
  for (let earlier = 1; earlier < typed.codes.length; earlier++) factors.burn(row.user, match.step - earlier);
}

function refuse(
  row: Factor,
  attempt: Attempt,
  throttle: ThrottleState,
  state: FactorState,
  judged: Judgement,
  factors: Factors,
): Verification {
  const { typed, lane, now } = attempt;
  const reason = reasonOf(row, attempt, state, judged);
  if (reason.burn !== undefined) factors.burn(row.user, reason.burn);
  const cost = typed.form === 'single' ? reason.cost : 0;
  const next = fail(throttle, lane, cost, now);
  factors.save({ ...row, ...throttleColumns(next) });
  const demanded = demandOf(next, row, attempt);
  return {
    kind: 'refused',
    because: reason.because,
    form: demanded.form,
    retryAfter: demanded.wait,
    cost,
    ...(reason.diagnosis ? { diagnosis: reason.diagnosis } : {}),
  };
}

interface Reason {
  readonly because: RefusalCode;
  readonly cost: number;
  readonly burn?: Step;
  readonly diagnosis?: Diagnosis;
}

function reasonOf(row: Factor, attempt: Attempt, state: FactorState, judged: Judgement): Reason {
  const { typed, now, trust } = attempt;
  if (judged.kind !== 'none') return used(row, judged.step, now);
  const window = windowOf(row.drift);
  const cost = window.length;
  if (trust === 'below-floor') return { because: 'clock-unsure', cost, diagnosis: { code: 'board-clock' } };
  const other =
    typed.form === 'single' ? otherMoment(typed.codes[0] ?? '', stepAt(now), state.secret, window) : null;
  if (!other && trust === 'unconfirmed' && typed.form === 'single') {
    return { because: 'clock-unsure', cost, diagnosis: { code: 'board-clock', judgedBy: now } };
  }
  if (!other) return { because: 'wrong-code', cost };
  // An old code opens nothing any more, so telling costs nothing. A coming one would open the door: it burns.
  return other.offset < 0
    ? { because: 'wrong-code', cost: 0, diagnosis: { code: 'phone-slow', seconds: other.seconds } }
    : {
        because: 'wrong-code',
        cost,
        burn: other.step,
        diagnosis: { code: 'phone-fast', seconds: other.seconds },
      };
}

function used(row: Factor, step: Step, now: Instant): Reason {
  if (step !== row.enrolledStep || row.lastStep !== row.enrolledStep)
    return { because: 'used-code', cost: 0 };
  const next = stepStart(step + 1 - row.drift);
  const seconds = Math.max(1, Math.ceil((next - now) / 1000));
  return { because: 'used-code', cost: 0, diagnosis: { code: 'just-enrolled', seconds } };
}
