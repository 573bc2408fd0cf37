// Owns the fresh second step of somebody who is signed in: judged and throttled as a login's, in a lane of its own.

import { Fault } from '../kernel/fault.ts';
import { type Instant, later, type Millis } from '../kernel/instant.ts';
import { spendRecoveryCode } from '../recovery/spend.ts';
import { rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { drawTriple } from '../verification/draw-triple.ts';
import { windowOf } from '../verification/drift.ts';
import { readTyped } from '../verification/typed.ts';
import { demand, type Verification, verify } from '../verification/verify.ts';
import type { Method } from '../wire/login.ts';
import { malformedCode } from './answer.ts';
import type { Refusal } from './outcome.ts';
import { STEP_UP_LIVES } from './step-ups.ts';
import { tellFailures, tellRecoveryCode } from './tell.ts';
import { explanation } from './words.ts';

export type SteppingUp =
  | { readonly kind: 'granted'; readonly token: string; readonly expires: Instant }
  | Refusal
  | { readonly kind: 'wait'; readonly retryAfter: Millis };

const LANE = 'step-up';

/**
 * Judges one code. What it changes is on the medium before this resolves; a code spent here opens no login.
 * @throws Fault `not-enrolled`, `malformed-code`, `store-unavailable`
 */
export async function stepUp(
  parts: Parts,
  caller: Caller,
  { method, code }: { readonly method: Exclude<Method, 'emergency-code'>; readonly code: string },
): Promise<SteppingUp> {
  const { state, clock, stepUps, debts, turns, outbox } = parts;
  const typed = method === 'totp' ? readTyped(code) : null;
  if (method === 'totp' && !typed) throw malformedCode();
  const pause = typed ? 0 : stepUps.pause(caller.uid, clock.elapsed());
  if (pause > 0) return { kind: 'wait', retryAfter: pause };
  const userId = state.read((t) => t.users.byUid(caller.uid))?.id ?? null;
  // One place in line a user: he may have many windows open.
  const line = { id: `step-up ${caller.uid}`, userId, lane: LANE, source: 'session' } as const;
  const drawn = typed && (await drawTriple(parts, line, typed));
  if (drawn && !drawn.turn.go) return { kind: 'wait', retryAfter: drawn.turn.retryAfter };
  const paid = stepUps.paid(caller.uid);
  let cost: number | null = null;
  const decided = await state
    .write((t): Verification | { readonly kind: 'recovered' } => {
      const now = clock.now();
      const user = t.users.byUid(caller.uid);
      const factor = user && t.factors.of(user.id);
      if (!user || !factor) throw notEnrolled();
      const attempt = {
        lane: LANE,
        source: line.source,
        login: line.id,
        paid,
        now,
        elapsed: clock.elapsed(),
      } as const;
      const verdict = typed
        ? verify(
            factor,
            { ...attempt, typed, trust: clock.trust(), located: drawn?.located ?? null },
            { factors: t.factors, key: state.key(), turns: turns.pair, debts },
          )
        : spendRecoveryCode(t, state, { user, factor }, code, attempt)
          ? ({ kind: 'recovered' } as const)
          : wrongRecoveryCode(demand(factor, LANE, now, clock.trust()));
      if (verdict.kind === 'refused') cost = verdict.cost;
      if (verdict.kind === 'refused' && verdict.cost !== null) {
        t.audit.add(rowBy(caller, now, user.name, 'refused', `step-up: ${verdict.because}`));
        tellFailures(t, parts, user, factor, { lane: LANE, address: caller.address });
      }
      if (verdict.kind === 'accepted' || verdict.kind === 'recovered') {
        // A right guess whose commit fails is owed like a wrong one, or the difference would tell which it was.
        if (typed?.form === 'single') cost = windowOf(factor.drift).length;
        t.audit.add(rowBy(caller, now, user.name, 'step-up', method));
        if (method === 'recovery-code') tellRecoveryCode(t, parts, user, caller.address);
      }
      return verdict;
    }, 'now')
    .catch((error: unknown) => {
      // Looked at, and not written down: it is owed.
      if (userId !== null && cost !== null) debts.add(userId, cost);
      throw error;
    });
  if (decided.kind === 'wait') return decided;
  outbox.kick();
  // Only an attempt with one-time passwords has written down what was owed.
  const wrote = decided.kind !== 'refused' || decided.cost !== null;
  if (typed && wrote && userId !== null) debts.settle(userId);
  const user = state.read((t) => t.users.byUid(caller.uid)) as User;
  if (decided.kind === 'refused') {
    const { because, form, retryAfter, diagnosis } = decided;
    if (!typed) stepUps.missed(caller.uid, clock.elapsed());
    if (decided.cost !== null) {
      stepUps.pay(caller.uid, decided.cost);
    }
    const why = diagnosis && explanation(diagnosis.code, null, diagnosis.seconds);
    return { kind: 'refused', because, form, retryAfter, ...(why ? { explanation: why } : {}) };
  }
  // A spent recovery code has to be in the roster before the answer: an older database must not revive it.
  if (user.counter > (state.roster.byName(user.name)?.counter ?? -1)) state.roster.record(user);
  const token = stepUps.grant(caller.uid, user.generation, clock.elapsed());
  return { kind: 'granted', token, expires: later(clock.now(), STEP_UP_LIVES) };
}

function wrongRecoveryCode({ form, wait }: ReturnType<typeof demand>): Verification {
  return { kind: 'refused', because: 'wrong-code', form, retryAfter: wait, cost: 0 };
}

function notEnrolled(): Fault {
  return new Fault(
    'not-enrolled',
    'You have not enrolled, so there is no second step to show.',
    'Switch two-factor on first, in Personal Settings.',
  );
}
