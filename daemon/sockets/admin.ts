// Owns admin.sock: what root may ask and change.

import { describeUser, describeUsers } from '../accounts/describe.ts';
import { beginForRoot } from '../enrolment/begin.ts';
import { confirmForRoot } from '../enrolment/confirm-for-root.ts';
import { reset } from '../enrolment/remove.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import { previewPolicy } from '../policy/preview.ts';
import { type Standing, setPolicy, showPolicy } from '../policy/set.ts';
import { issuePass, renewRecoveryCodes } from '../recovery/renew.ts';
import { ROOT } from '../service/actor.ts';
import { auditTrail } from '../service/audit-trail.ts';
import { health } from '../service/health.ts';
import type { Parts } from '../service/parts.ts';
import type { AdminContract } from '../wire/admin.ts';
import type { Handlers } from './handler.ts';

/** Handlers of every operation of admin.sock. */
export function adminHandlers(parts: Parts): Handlers<AdminContract> {
  return {
    status: () => ({ status: 200, body: health(parts) }),
    openapi: async () => {
      // Asked for once in a while, and its converter costs memory: loaded when it is.
      const { openapiDocuments } = await import('../wire/openapi.ts');
      return { status: 200, body: openapiDocuments(parts.version) };
    },
    users: async () => ({ status: 200, body: { users: await describeUsers(parts) } }),
    user: async ({ params }) => ({ status: 200, body: await describeUser(parts, params.name) }),
    enrolment: async ({ params }) => ({ status: 201, body: await beginForRoot(parts, params.name) }),
    enrolmentConfirm: async ({ params, body }) => {
      const recoveryCodes = await confirmForRoot(parts, params.name, body.code);
      return { status: 201, body: { recoveryCodes: [...recoveryCodes] } };
    },
    reset: async ({ params, body }) => {
      await reset(parts, params.name, body.what, body.reason);
      if (body.what === 'account') return { status: 204 };
      return { status: 200, body: await describeUser(parts, params.name) };
    },
    pass: async ({ params, body }) => {
      const { pass, expires } = await issuePass(parts, params.name, body.reason);
      return { status: 201, body: { pass, expires: toRfc3339(expires) } };
    },
    recoveryCodes: async ({ params }) => {
      const recoveryCodes = await renewRecoveryCodes(parts, params.name);
      return { status: 201, body: { recoveryCodes: [...recoveryCodes] } };
    },
    policy: () => policyReply(showPolicy(parts)),
    setPolicy: async ({ body, ifMatch }) =>
      policyReply(await setPolicy(parts, body, versionOf(ifMatch), ROOT)),
    previewPolicy: async ({ body }) => ({ status: 200, body: await previewPolicy(parts, body) }),
    audit: ({ query }) => {
      const { rows, next } = auditTrail(parts, query);
      return { status: 200, body: { rows, next } };
    },
  };
}

function policyReply({ current, coming, version }: Standing) {
  const next = coming && { ...ruleOf(coming), from: toRfc3339(coming.startsAt) };
  return { status: 200, body: { ...ruleOf(current), next }, headers: { ETag: `"${version}"` } } as const;
}

function ruleOf({ scope, users, groups, exceptUsers, exceptGroups, graceDays }: Standing['current']) {
  const names = (of: typeof users) => of.map(({ name }) => name);
  return {
    scope,
    users: names(users),
    groups: [...groups],
    exceptUsers: names(exceptUsers),
    exceptGroups: [...exceptGroups],
    graceDays,
  };
}

/** The version in an If-Match header (RFC 9110 §13.1.1); `null` for none, a weak one or a wildcard. */
function versionOf(ifMatch: string | undefined): number | null {
  const match = /^"([0-9]{1,9})"$/.exec(ifMatch ?? '');
  return match ? Number(match[1]) : null;
}
