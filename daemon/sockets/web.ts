// Owns web.sock: the second-step page's calls. Nothing here lets anybody in; a login ends with a proof to redeem.

import { clockFace } from '../clock/show.ts';
import { confirmForLogin } from '../enrolment/confirm.ts';
import { answer } from '../login/answer.ts';
import type { Outcome } from '../login/outcome.ts';
import type { Parts } from '../service/parts.ts';
import type { WebContract } from '../wire/web.ts';
import type { Handlers } from './handler.ts';
import { besideAnswers, refused, waiting } from './login.ts';

/** Handlers of every operation of web.sock. */
export function webHandlers(parts: Parts): Handlers<WebContract> {
  return {
    ...besideAnswers(parts),
    clock: () => ({ status: 202, body: clockFace(parts.timekeeping) }),
    answer: async ({ body }) => onThePage(await answer(parts, body, 'page')),
    confirm: async ({ body }) => onThePage(await confirmForLogin(parts, body, 'page')),
  };
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
