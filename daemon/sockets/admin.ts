// Owns admin.sock: what administrators may ask, and what root alone may.

import { takeBackup } from '../backup/take.ts';
import { acceptQuorum } from '../clock/accept.ts';
import { setAutomatic, setClock } from '../clock/correct.ts';
import { check } from '../clock/measure.ts';
import { showClock } from '../clock/show.ts';
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
  const clock = () => showClock(parts.timekeeping, parts.state.floor());
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
    backup: ({ body }) => ({ status: 200, body: takeBackup(parts, body.secrets) }),
    checkClock: async ({ body }) => {
      if (body.accept) await acceptQuorum(parts);
      else await check(parts.timekeeping);
      return { status: 200, body: clock() };
    },
    setClock: async ({ body }) => {
      const set = await setClock(parts, body.force ? body.offsetSeconds : null);
      return { status: 200, body: { ...set, clock: clock() } };
    },
    autoClock: async ({ body }) => {
      await setAutomatic(parts, body.automatic);
      return { status: 204 };
    },
  };
}
