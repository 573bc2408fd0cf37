// Owns web.sock: the second-step page's calls, the own settings, administration. Nothing here lets anybody in.

import { describeUser } from '../accounts/describe.ts';
import { clockFace } from '../clock/show.ts';
import { listDevices } from '../devices/list.ts';
import { revokeDevices } from '../devices/revoke.ts';
import { confirmForLogin } from '../enrolment/confirm.ts';
import { confirmOwn } from '../enrolment/confirm-own.ts';
import { disableOwn } from '../enrolment/disable.ts';
import { groupsOfFour } from '../enrolment/otpauth.ts';
import { beginOwn } from '../enrolment/own.ts';
import { Fault } from '../kernel/fault.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import { answer } from '../login/answer.ts';
import type { Outcome } from '../login/outcome.ts';
import { showLogin } from '../login/show.ts';
import { stepUp } from '../login/step-up.ts';
import { stepUpByMail } from '../login/step-up-by-mail.ts';
import { confirmSecurityEmail } from '../recovery/confirm-security-email.ts';
import { mailReplacePhone } from '../recovery/mail-replace-phone.ts';
import { removeOwnSecurityEmail } from '../recovery/remove-security-email.ts';
import { renewRecoveryCodes } from '../recovery/renew.ts';
import { setOwnSecurityEmail } from '../recovery/set-security-email.ts';
import { recoverySheet } from '../recovery/sheet.ts';
import { auditTrail } from '../service/audit-trail.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import type { WebContract } from '../wire/web.ts';
import { administration } from './administration.ts';
import type { Handlers } from './handler.ts';
import { besideAnswers, challengeFace, mailed, refused, waiting } from './login.ts';

/** Handlers of every operation of web.sock; the guard of the socket has found out who asks. */
export function webHandlers(parts: Parts): Handlers<WebContract> {
  const withSheet = (user: string, codes: readonly string[]) => {
    const text = recoverySheet({ user, host: parts.host, at: parts.clock.now() }, codes);
    return { status: 201 as const, body: { recoveryCodes: [...codes], text } };
  };
  return {
    ...besideAnswers(parts),
    show: ({ body }) => {
      const shown = showLogin(parts, body);
      if (shown.kind === 'refused') return refused(shown);
      if (shown.kind === 'challenge') return { status: 202, body: challengeFace(shown) };
      return { status: 202, body: { outcome: 'enrol', expires: toRfc3339(shown.expires) } };
    },
    clockFace: () => ({ status: 202, body: clockFace(parts.timekeeping) }),
    ...administration(parts, callerOf),
    answer: async ({ body }) => onThePage(await answer(parts, body, 'page')),
    confirm: async ({ body }) => onThePage(await confirmForLogin(parts, body, 'page')),
    me: async (request) => ({ status: 200, body: await describeUser(parts, callerOf(request).name) }),
    myEnrolment: async (request) => {
      const offer = await beginOwn(parts, callerOf(request));
      return { status: 201, body: { ...offer, secretInGroups: groupsOfFour(offer.secret) } };
    },
    myEnrolmentConfirm: async (request) => {
      const caller = callerOf(request);
      return withSheet(caller.name, await confirmOwn(parts, caller, request.body.code));
    },
    disable: async (request) => {
      await disableOwn(parts, callerOf(request));
      return { status: 204 };
    },
    myRecoveryCodes: async (request) => {
      const caller = callerOf(request);
      return withSheet(caller.name, await renewRecoveryCodes(parts, caller.name, caller));
    },
    myDevices: async (request) => ({
      status: 200,
      body: await listDevices(parts, callerOf(request).name),
    }),
    revokeMyDevices: async (request) => {
      const caller = callerOf(request);
      await revokeDevices(parts, caller.name, request.body.id, caller);
      return { status: 200, body: await listDevices(parts, caller.name) };
    },
    myActivity: (request) => {
      const { rows, next } = auditTrail(parts, { ...request.query, user: callerOf(request).name });
      return { status: 200, body: { rows, next } };
    },
    stepUp: async (request) => {
      const caller = callerOf(request);
      const { method, code } = request.body;
      const outcome =
        method === 'emergency-code'
          ? await stepUpByMail(parts, caller, code)
          : await stepUp(parts, caller, { method, code });
      if (outcome.kind === 'wait') return waiting(outcome.retryAfter);
      if (outcome.kind === 'refused') return refused(outcome);
      return { status: 201, body: { token: outcome.token, expires: toRfc3339(outcome.expires) } };
    },
    stepUpMail: async (request) => mailed(await mailReplacePhone(parts, callerOf(request))),
    mySecurityEmail: async (request) =>
      mailed(await setOwnSecurityEmail(parts, callerOf(request), request.body)),
    mySecurityEmailConfirm: async (request) => {
      const caller = callerOf(request);
      await confirmSecurityEmail(parts, caller, request.body.code, caller);
      return { status: 200, body: await describeUser(parts, caller.name) };
    },
    mySecurityEmailRemove: async (request) => {
      const caller = callerOf(request);
      await removeOwnSecurityEmail(parts, caller);
      return { status: 200, body: await describeUser(parts, caller.name) };
    },
  };
}

function callerOf({ caller }: { readonly caller?: Caller }): Caller {
  if (caller) return caller;
  throw new Fault('internal', 'Nobody was found behind a request that needs somebody.', 'Report this.');
}

function onThePage(outcome: Outcome) {
  switch (outcome.kind) {
    case 'completed': {
      const { proof, recoveryCodes } = outcome;
      const body = { outcome: 'completed', proof } as const;
      return {
        status: 202,
        body: recoveryCodes ? { ...body, recoveryCodes: [...recoveryCodes] } : body,
      } as const;
    }
    case 'refused':
      return refused(outcome);
    case 'wait':
      return waiting(outcome.retryAfter);
    case 'admission':
      throw new Error('the page opens no door');
  }
}
