// Owns admin.sock: what administrators may ask, and what root alone may.

import { describeUser } from '../accounts/describe.ts';
import { resolveAccount } from '../accounts/resolve-account.ts';
import { takeBackup } from '../backup/take.ts';
import { beginForRoot } from '../enrolment/begin.ts';
import { confirmForRoot } from '../enrolment/confirm-for-root.ts';
import { confirmSecurityEmail } from '../recovery/confirm-security-email.ts';
import { removeSecurityEmail } from '../recovery/remove-security-email.ts';
import { renewRecoveryCodes } from '../recovery/renew.ts';
import { setSecurityEmail } from '../recovery/set-security-email.ts';
import { recoverySheet } from '../recovery/sheet.ts';
import { ROOT } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import type { AdminContract } from '../wire/admin.ts';
import { administration } from './administration.ts';
import type { Handlers } from './handler.ts';
import { mailed } from './login.ts';

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
      const codes = await renewRecoveryCodes(parts, params.name, ROOT);
      const text = recoverySheet({ user: params.name, host: parts.host, at: parts.clock.now() }, codes);
      return { status: 201, body: { recoveryCodes: [...codes], text } };
    },
    backup: ({ body }) => ({ status: 200, body: takeBackup(parts, body.secrets) }),
    setSecurityEmail: async ({ params, body }) =>
      mailed(await setSecurityEmail(parts, await resolveAccount(parts, params.name), body, ROOT)),
    confirmSecurityEmail: async ({ params, body }) => {
      await confirmSecurityEmail(parts, await resolveAccount(parts, params.name), body.code, ROOT);
      return { status: 200, body: await describeUser(parts, params.name) };
    },
    removeSecurityEmail: async ({ params }) => {
      await removeSecurityEmail(parts, await resolveAccount(parts, params.name), ROOT);
      return { status: 200, body: await describeUser(parts, params.name) };
    },
  };
}
