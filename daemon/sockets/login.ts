// Owns login.sock: the pipeline's questions, and what each use-case's outcome is called on the wire.

import { accountEvent } from '../accounts/event.ts';
import { beginForLogin } from '../enrolment/begin.ts';
import { confirmForLogin } from '../enrolment/confirm.ts';
import { type Millis, SECOND, toRfc3339 } from '../kernel/instant.ts';
import { answer } from '../login/answer.ts';
import { type Beginning, begin } from '../login/begin.ts';
import type { Login } from '../login/challenge.ts';
import { emergencyMail } from '../login/emergency-mail.ts';
import type { Face } from '../login/face.ts';
import type { Outcome, Refusal } from '../login/outcome.ts';
import { redeem } from '../login/redeem.ts';
import { beginPasswordReset } from '../recovery/begin-reset.ts';
import type { Mailed } from '../recovery/posted.ts';
import { redeemPasswordReset } from '../recovery/redeem-reset.ts';
import { isUp } from '../service/health.ts';
import type { Parts } from '../service/parts.ts';
import type { LoginContract, Refused } from '../wire/login.ts';
import type { DoorHandlers } from './handler.ts';

/** Handlers of every operation of login.sock. */
export function loginHandlers(parts: Parts): DoorHandlers<LoginContract> {
  return {
    ...besideAnswers(parts),
    begin: async ({ body }) => beginning(await begin(parts, body)),
    answer: async ({ body }) => atTheDoor(await answer(parts, body, 'pipeline')),
    confirm: async ({ body }) => atTheDoor(await confirmForLogin(parts, body, 'pipeline')),
    redeem: async ({ body }) => {
      const outcome = atTheDoor(await redeem(parts, body));
      if ('status' in outcome && outcome.status === 429) throw new Error('a redemption never waits');
      return outcome;
    },
    // The answer is the same for everybody, known or not, so that nobody can probe for names.
    passwordResetBegin: ({ body }) => ({ status: 202, body: { reset: beginPasswordReset(parts, body) } }),
    passwordResetRedeem: async ({ body }) => {
      const outcome = await redeemPasswordReset(parts, body);
      return outcome.kind === 'refused'
        ? refused(outcome)
        : { status: 201, body: { outcome: 'reset-allowed' } };
    },
    accountEvent: async ({ body }) => {
      await accountEvent(parts, body.user, body.event);
      return { status: 202 };
    },
    health: () => (isUp(parts) ? { status: 204 } : { status: 503 }),
  };
}

/** What login.sock and the second-step page ask in the same words and hear in the same words. */
export function besideAnswers(parts: Parts) {
  return {
    emergencyMail: async ({ body }: OfLogin) => mailed(await emergencyMail(parts, body)),
    enrol: async ({ body }: OfLogin) => {
      const offered = await beginForLogin(parts, body);
      return offered.kind === 'offer' ? ({ status: 201, body: offered.offer } as const) : refused(offered);
    },
  };
}

interface OfLogin {
  readonly body: { readonly login: string; readonly user: string };
}

function beginning(outcome: Beginning) {
  switch (outcome.kind) {
    case 'admission':
      return outcome.admission;
    case 'challenge': {
      return { status: 401, body: { ...challengeFace(outcome), login: outcome.login } } as const;
    }
    case 'enrol': {
      const { login, expires } = outcome;
      return { status: 401, body: { outcome: 'enrol', login, expires: toRfc3339(expires) } } as const;
    }
    case 'deny':
      return { status: 403, body: { outcome: 'deny', because: outcome.because } } as const;
  }
}

function atTheDoor(outcome: Outcome) {
  switch (outcome.kind) {
    case 'admission':
      return outcome.admission;
    case 'refused':
      return refused(outcome);
    case 'wait':
      return waiting(outcome.retryAfter);
    case 'completed':
      throw new Error('a login on login.sock is not completed on a page');
  }
}

/** What a login waits for, as both sockets say it. */
export function challengeFace(shown: Face & Pick<Login, 'expires' | 'trustEnded'>) {
  const { methods, form, securityEmail, retryAfter, expires, trustEnded } = shown;
  const at = trustEnded?.at ?? null;
  return {
    outcome: 'challenge' as const,
    methods,
    form,
    securityEmail,
    retryAfter: wholeSeconds(retryAfter),
    ...(trustEnded === null ? {} : { trustEnded: trustEnded.because }),
    ...(at === null ? {} : { trustEndedAt: toRfc3339(at) }),
    expires: toRfc3339(expires),
  };
}

/** A refusal as both sockets say it. */
export function refused(refusal: Refusal): { readonly status: 403; readonly body: Refused } {
  const { because, form, retryAfter, explanation } = refusal;
  const body: Refused = { outcome: 'refused', because, form, retryAfter: wholeSeconds(retryAfter) };
  return { status: 403, body: explanation ? { ...body, explanation } : body };
}

/** A wait as both sockets say it. */
export function waiting(retryAfter: Millis) {
  return { status: 429, body: { outcome: 'wait', retryAfter: wholeSeconds(retryAfter) } } as const;
}

/** What somebody hears who asked for a mailed code. */
export function mailed(outcome: Mailed) {
  switch (outcome.kind) {
    case 'mailed': {
      const { sentTo, state, validFor } = outcome;
      return { status: 202, body: { sentTo, state, validFor: Math.floor(validFor / SECOND) } } as const;
    }
    case 'wait':
      return waiting(outcome.retryAfter);
    case 'refused':
      return { status: 409, body: { outcome: 'refused', because: outcome.because } } as const;
    case 'unavailable':
      return { status: 503, body: { outcome: 'refused', because: outcome.because } } as const;
  }
}

/** Never too early: rounded up. */
export function wholeSeconds(ms: Millis): number {
  return Math.ceil(ms / SECOND);
}
