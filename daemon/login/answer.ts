// Owns the second step: one answer to one login, by a one-time password, a recovery code or a mailed code.

import type { DeviceToken } from '../devices/token.ts';
import { trustAtLogin } from '../devices/trust-at-login.ts';
import { readUserAgent } from '../devices/user-agent.ts';
import { Fault } from '../kernel/fault.ts';
import { token } from '../kernel/random.ts';
import { Verdict } from '../kernel/verdict.ts';
import { mailConfigured } from '../mail/queue.ts';
import { RECOVERY_CODES_LOW } from '../recovery/code.ts';
import { isRecentReset } from '../recovery/recent-reset.ts';
import { spendRecoveryCode } from '../recovery/spend.ts';
import { spendEmergencyCode } from '../recovery/spend-mailed.ts';
import type { Parts } from '../service/parts.ts';
import type { Factor } from '../store/factors.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { drawTriple } from '../verification/draw-triple.ts';
import { windowOf } from '../verification/drift.ts';
import { readTyped, type TypedCodes } from '../verification/typed.ts';
import { type Diagnosis, demand, type Verification, verify } from '../verification/verify.ts';
import type { Method, NoticeCode } from '../wire/login.ts';
import type { Login } from './challenge.ts';
import { accept, type Channel, type Outcome, refusal } from './outcome.ts';
import { auditRow, movedOn, settle, userOf } from './settle.ts';
import { findLogin, forgetLogin } from './stored.ts';
import { tellFailures, tellRecoveryCode } from './tell.ts';
import { type Explanation, explanation, unconfirmed } from './words.ts';

export interface Answer {
  readonly login: string;
  readonly user: string;
  readonly method: Method;
  readonly code: string;
  /** What the person calls the device that is trusted from now on. */
  readonly trustDevice?: string | undefined;
}

type Decided = Verification & {
  readonly notice?: NoticeCode | null;
  readonly user?: User;
  readonly trusted?: DeviceToken | null;
};

/**
 * Judges one answer. Everything it changes is on the medium before this resolves.
 * @throws Fault `unknown-login`, `not-enrolled`, `malformed-code`, `store-unavailable`
 */
export async function answer(parts: Parts, body: Answer, channel: Channel): Promise<Outcome> {
  const { state, clock, logins, debts, random, outbox } = parts;
  const login = findLogin(parts, body);
  if (login.state !== 'open') return refusal('used-code');
  if (login.kind === 'enrol') throw notEnrolled();
  const typed = body.method === 'totp' ? readTyped(body.code) : null;
  if (body.method === 'totp' && !typed) throw malformedCode();
  if (state.read((t) => movedOn(t, login, userOf(t, login), clock.now()))) return refusal('login-changed');
  const pause = typed ? 0 : logins.pause(login, clock.elapsed());
  if (pause > 0) return { kind: 'wait', retryAfter: pause };
  const drawn = typed && (await drawTriple(parts, login, typed));
  if (drawn && !drawn.turn.go) return { kind: 'wait', retryAfter: drawn.turn.retryAfter };

  const agent = await readUserAgent(body.trustDevice === undefined ? null : login.userAgent);
  const proof = token(random);
  let cost: number | null = null;
  let mine = false;
  const decided = await state
    .write((t): Decided => {
      const user = userOf(t, login);
      const factor = user && t.factors.of(user.id);
      // Another answer of the same login may have been accepted in this very transaction.
      if (login.state !== 'open') return unlooked('used-code');
      if (!user || !factor || movedOn(t, login, user, clock.now())) return unlooked('login-changed');
      const verdict: Decided = typed
        ? byTotp(parts, t, factor, login, typed, drawn?.located ?? null)
        : body.method === 'emergency-code'
          ? byMailedCode(parts, t, factor, login, user, body.code)
          : byRecoveryCode(parts, t, factor, login, user, body.code);
      if (verdict.kind === 'refused') {
        cost = verdict.cost;
        if (verdict.cost !== null) t.audit.add(auditRow(login, clock.now(), 'refused', verdict.because));
        if (verdict.cost !== null) tellFailures(t, parts, user, factor, login);
      }
      if (verdict.kind !== 'accepted') return verdict;
      // A right guess whose commit fails is owed like a wrong one, or the difference would tell which it was.
      if (typed?.form === 'single') cost = windowOf(factor.drift).length;
      // Only what spends a code of another kind raises the user's counter.
      const after = typed ? user : (t.users.byId(user.id) ?? user);
      const notice = noticeOf(parts, t, user, verdict.nearEdge);
      if (body.method === 'recovery-code') tellRecoveryCode(t, parts, user, login.address);
      // A mailed code grants no trust.
      const name = body.method === 'emergency-code' ? undefined : body.trustDevice;
      const { device, token: trusted } = trustAtLogin(parts, t, { login, user: after, name, agent, channel });
      settle(t, login, after, clock.now(), { method: body.method, channel, proof, notice, device });
      forgetLogin(t, login);
      // The mailbox was not all that there was: its word counts again.
      if (body.method !== 'emergency-code') t.passwordResets.clear(user.id);
      login.state = 'accepting';
      mine = true;
      return { ...verdict, notice, user: after, trusted };
    }, 'now')
    .catch((error: unknown) => {
      // An earlier answer of this login may have been accepted meanwhile.
      if (mine) login.state = 'open';
      // Looked at, and not written down: it is owed.
      if (login.userId !== null && cost !== null) debts.add(login.userId, cost);
      throw error;
    });
  // Only an attempt with one-time passwords has written down what was owed.
  const wrote = decided.kind === 'accepted' || (decided.kind === 'refused' && decided.cost !== null);
  if (typed && wrote && login.userId !== null) debts.settle(login.userId);
  if (!typed && decided.kind === 'refused') logins.missed(login, clock.elapsed());
  // What tells the user of it. An ordinary login queues nothing.
  if (decided.kind === 'refused' || !typed || body.trustDevice !== undefined) outbox.kick();
  return conclude(parts, login, decided, channel, proof);
}

function byTotp(
  { clock, state, turns, debts }: Parts,
  t: Tables,
  factor: Factor,
  login: Login,
  typed: TypedCodes,
  located: number | null,
): Verification {
  const attempt = {
    typed,
    lane: login.lane,
    source: login.source,
    login: login.id,
    paid: login.paid,
    now: clock.now(),
    elapsed: clock.elapsed(),
    trust: clock.trust(),
    located,
  };
  return verify(factor, attempt, { factors: t.factors, key: state.key(), turns: turns.pair, debts });
}

function byRecoveryCode(
  { clock, state }: Parts,
  t: Tables,
  factor: Factor,
  login: Login,
  user: User,
  typed: string,
): Verification {
  const now = clock.now();
  const { lane, paid } = login;
  if (spendRecoveryCode(t, state, { user, factor }, typed, { lane, paid, now })) {
    return { kind: 'accepted', nearEdge: false, verdict: new Verdict('recovery-code') };
  }
  const { form, wait } = demand(factor, lane, now, clock.trust());
  return { kind: 'refused', because: 'wrong-code', form, retryAfter: wait, cost: 0 };
}

function byMailedCode(
  { clock, state }: Parts,
  t: Tables,
  factor: Factor,
  login: Login,
  user: User,
  typed: string,
): Verification {
  const now = clock.now();
  const { id, lane, paid } = login;
  const judged = isRecentReset(t.passwordResets.at(user.id), now)
    ? ({ kind: 'refused', because: 'expired-code' } as const)
    : spendEmergencyCode(t, state, { user, factor }, { id, typed }, { lane, paid, now });
  if (judged.kind === 'right') {
    return { kind: 'accepted', nearEdge: false, verdict: new Verdict('mailed-code') };
  }
  const { form } = demand(factor, lane, now, clock.trust());
  // Where nothing was compared, nothing is written.
  const cost = judged.because === 'wrong-code' ? 0 : null;
  return { kind: 'refused', because: judged.because, form, retryAfter: 0, cost };
}

function noticeOf({ clock }: Parts, t: Tables, user: User, nearEdge: boolean): NoticeCode | null {
  if (clock.trust() === 'below-floor') return 'board-clock';
  if (t.recoveryCodes.left(user.id, clock.now()) <= RECOVERY_CODES_LOW) return 'recovery-codes-low';
  // Where mail is not set up there is nothing that the person could set.
  if (mailConfigured(t) && !t.securityEmails.confirmed(user.id)) return 'security-email-missing';
  return nearEdge ? 'phone-drifts' : null;
}

function conclude(
  { state, clock, logins }: Parts,
  login: Login,
  decided: Decided,
  channel: Channel,
  proof: string,
): Outcome {
  if (decided.kind === 'wait') return decided;
  if (decided.kind === 'refused') {
    const { because, form, retryAfter, cost, diagnosis } = decided;
    if (cost !== null && cost > 0) login.paid.push(cost);
    const why = diagnosis && inWords(diagnosis, login.locale);
    return { kind: 'refused', because, form, retryAfter, ...(why ? { explanation: why } : {}) };
  }
  const user = decided.user as User;
  logins.accepted(login);
  // A spent recovery code has to be in the roster before the answer: an older database must not revive it.
  if (user.counter > (state.roster.byName(user.name)?.counter ?? -1)) state.roster.record(user);
  if (channel === 'page') return { kind: 'completed', proof };
  const extra = { notice: decided.notice ?? null, trusted: decided.trusted ?? null };
  return { kind: 'admission', admission: accept(decided.verdict, state, user, clock.now(), extra) };
}

function inWords({ code, seconds, judgedBy }: Diagnosis, locale: string | null): Explanation {
  return judgedBy === undefined ? explanation(code, locale, seconds) : unconfirmed(judgedBy, locale);
}

function unlooked(because: 'used-code' | 'login-changed'): Decided {
  return { kind: 'refused', because, form: 'single', retryAfter: 0, cost: null };
}

/** For a one-time password that cannot be one. */
export function malformedCode(): Fault {
  return new Fault(
    'malformed-code',
    'A one-time password is six digits; where two or three are asked for, 12 or 18. It was not counted as a try.',
    'Type the digits the app shows; spaces and hyphens do not matter.',
  );
}

function notEnrolled(): Fault {
  return new Fault(
    'not-enrolled',
    'This login waits for its user to enrol, so there is no code to answer with.',
    'Ask for a secret with /v1/login/enrol and confirm its first code.',
  );
}
