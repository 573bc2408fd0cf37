// Owns what administrators may ask, in the same words on admin.sock and on web.sock.

import { describeUser, describeUsers } from '../accounts/describe.ts';
import { acceptQuorum } from '../clock/accept.ts';
import { setAutomatic } from '../clock/automatic.ts';
import { setClock } from '../clock/correct.ts';
import { check } from '../clock/measure.ts';
import { showClock } from '../clock/show.ts';
import { listDevices } from '../devices/list.ts';
import { revokeDevices } from '../devices/revoke.ts';
import { reset } from '../enrolment/remove.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import { authoriseMail } from '../mail/authorise.ts';
import { configureMail } from '../mail/configure.ts';
import { pollAuthorisation } from '../mail/poll-authorisation.ts';
import { showMail } from '../mail/show.ts';
import { testMail } from '../mail/test.ts';
import { previewPolicy } from '../policy/preview.ts';
import { type Standing, setPolicy, showPolicy } from '../policy/set.ts';
import { issuePass } from '../recovery/renew.ts';
import type { Actor } from '../service/actor.ts';
import { auditTrail } from '../service/audit-trail.ts';
import type { Caller } from '../service/caller.ts';
import { health } from '../service/health.ts';
import type { Parts } from '../service/parts.ts';
import type { MailDocument } from '../wire/mail-setting.ts';
import type { Administration } from '../wire/web.ts';
import type { Handlers } from './handler.ts';

/** @param actorOf who asks: root on admin.sock, the signed-in administrator on web.sock */
export function administration(
  parts: Parts,
  actorOf: (request: { readonly caller?: Caller }) => Actor,
): Handlers<Administration> {
  const clock = () => showClock(parts.timekeeping, parts.state.floor());
  return {
    status: () => ({ status: 200, body: health(parts) }),
    users: async () => ({ status: 200, body: { users: await describeUsers(parts) } }),
    user: async ({ params }) => ({ status: 200, body: await describeUser(parts, params.name) }),
    reset: async (request) => {
      const { name } = request.params;
      const { what, reason } = request.body;
      await reset(parts, name, what, reason, actorOf(request));
      if (what === 'account') return { status: 204 };
      return { status: 200, body: await describeUser(parts, name) };
    },
    pass: async (request) => {
      const { name } = request.params;
      const { pass, expires } = await issuePass(parts, name, request.body.reason, actorOf(request));
      return { status: 201, body: { pass, expires: toRfc3339(expires) } };
    },
    devices: async ({ params }) => ({ status: 200, body: await listDevices(parts, params.name) }),
    revokeDevices: async (request) => {
      const { name } = request.params;
      await revokeDevices(parts, name, request.body.id, actorOf(request));
      return { status: 200, body: await listDevices(parts, name) };
    },
    policy: () => policyReply(showPolicy(parts)),
    setPolicy: async (request) =>
      policyReply(await setPolicy(parts, request.body, versionOf(request.ifMatch), actorOf(request))),
    previewPolicy: async ({ body }) => ({ status: 200, body: await previewPolicy(parts, body) }),
    mail: () => mailReply(showMail(parts)),
    setMail: async (request) => {
      await configureMail(parts, request.body, versionOf(request.ifMatch), actorOf(request));
      return mailReply(showMail(parts));
    },
    removeMail: async (request) => {
      const version = request.ifMatch === undefined ? showMail(parts).version : versionOf(request.ifMatch);
      await configureMail(parts, null, version, actorOf(request));
      return mailReply(showMail(parts));
    },
    testMail: async (request) => ({
      status: 200,
      body: await testMail(parts, request.body.address, actorOf(request)),
    }),
    authoriseMail: async () => ({ status: 200, body: await authoriseMail(parts) }),
    pollMail: async (request) => ({ status: 200, body: await pollAuthorisation(parts, actorOf(request)) }),
    clock: () => ({ status: 200, body: clock() }),
    checkClock: async (request) => {
      if (request.body.accept) await acceptQuorum(parts, actorOf(request));
      else await check(parts.timekeeping);
      return { status: 200, body: clock() };
    },
    setClock: async (request) => {
      const { body } = request;
      const set = await setClock(parts, body.force ? body.offsetSeconds : null, actorOf(request));
      return { status: 200, body: { ...set, clock: clock() } };
    },
    autoClock: async (request) => {
      await setAutomatic(parts, request.body.automatic, actorOf(request));
      return { status: 204 };
    },
    audit: ({ query }) => {
      const { rows, next } = auditTrail(parts, query);
      return { status: 200, body: { rows, next } };
    },
  };
}

function mailReply(body: MailDocument) {
  return { status: 200, body, headers: { ETag: `"${body.version}"` } } as const;
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
