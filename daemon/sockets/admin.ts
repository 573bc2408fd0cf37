// Owns admin.sock: what administrators may ask, and what root alone may.

import { beginForRoot } from '../enrolment/begin.ts';
import { confirmForRoot } from '../enrolment/confirm-for-root.ts';
import { renewRecoveryCodes } from '../recovery/renew.ts';
import { ROOT } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import type { AdminContract } from '../wire/admin.ts';
import { administration } from './administration.ts';
import type { Handlers } from './handler.ts';

/** Handlers of every operation of admin.sock. */
export function adminHandlers(parts: Parts): Handlers<AdminContract> {
  return {
    ...administration(parts, () => ROOT),
    openapi: async () => {
      // Asked for once in a while, and its converter costs memory: loaded when it is.
      const { openapiDocuments } = await import('../wire/openapi.ts');
      return { status: 200, body: openapiDocuments(parts.version) };
    },
    enrolment: async ({ params }) => ({ status: 201, body: await beginForRoot(parts, params.name) }),
    enrolmentConfirm: async ({ params, body }) => {
      const recoveryCodes = await confirmForRoot(parts, params.name, body.code);
      return { status: 201, body: { recoveryCodes: [...recoveryCodes] } };
    },
    recoveryCodes: async ({ params }) => {
      const recoveryCodes = await renewRecoveryCodes(parts, params.name, ROOT);
      return { status: 201, body: { recoveryCodes: [...recoveryCodes] } };
    },
  };
}
