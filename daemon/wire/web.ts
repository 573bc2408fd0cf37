// Owns the contract of web.sock: the second-step page's calls, the user's own settings, and what administrators are served.

import * as v from 'valibot';
import { type AdminContract, adminContract, auditRow, user } from './admin.ts';
import { clockFace } from './clock.ts';
import { contract } from './contract.ts';
import { devicesDocument, revokeBody } from './devices.ts';
import {
  answerBody,
  challengeFace,
  codeMailed,
  confirmBody,
  enrolFace,
  enrolmentOffer,
  loginBody,
  loginContract,
  METHODS,
  refused,
  wait,
} from './login.ts';
import { recoveryCodesReply, securityEmailBody } from './recovery.ts';
import { count, identifier, time, typedCode } from './shapes.ts';

/** The login is over; the browser carries `proof` to the pipeline, which redeems it. */
const completed = v.object({
  outcome: v.literal('completed'),
  proof: identifier,
  recoveryCodes: v.optional(v.array(v.string())),
});

/** Operations of admin.sock that administrators have here too: each is described once, there. */
export const ADMINISTRATION = [
  'status',
  'users',
  'user',
  'reset',
  'pass',
  'devices',
  'revokeDevices',
  'policy',
  'setPolicy',
  'previewPolicy',
  'mail',
  'setMail',
  'removeMail',
  'testMail',
  'authoriseMail',
  'pollMail',
  'clock',
  'checkClock',
  'setClock',
  'autoClock',
  'audit',
] as const;

/** The same operations; the type keeps the literal path of admin.sock, which nothing reads. */
export type Administration = Pick<AdminContract, (typeof ADMINISTRATION)[number]>;

const administration = Object.fromEntries(
  ADMINISTRATION.map((id) => {
    const operation = adminContract[id];
    return [id, { ...operation, path: operation.path.replace(/^\/v1/, '/api/v1/admin') }];
  }),
) as unknown as Administration;

export const webContract = contract({
  show: {
    method: 'POST',
    path: '/api/v1/second-step/show',
    summary: 'An open login as it is now, for a page that has just been loaded',
    body: loginBody,
    replies: { 202: v.variant('outcome', [challengeFace, enrolFace]), 403: refused },
    role: 'login',
  },
  answer: {
    method: 'POST',
    path: '/api/v1/second-step/answer',
    summary: 'The second step, typed on the daemon’s own page',
    body: answerBody,
    replies: { 202: completed, 403: refused, 429: wait },
    role: 'login',
  },
  emergencyMail: {
    ...loginContract.emergencyMail,
    path: '/api/v1/second-step/emergency-mail',
    role: 'login',
  },
  clockFace: {
    method: 'GET',
    path: '/api/v1/second-step/clock',
    summary: 'The time of this NAS and of the network, to hold against the browser’s',
    replies: { 202: clockFace },
    role: 'login',
  },
  enrol: {
    method: 'POST',
    path: '/api/v1/second-step/enrol',
    summary: 'Enrol on the page: a new secret',
    body: loginBody,
    replies: { 201: enrolmentOffer, 403: refused },
    role: 'login',
  },
  confirm: {
    method: 'POST',
    path: '/api/v1/second-step/enrol/confirm',
    summary: 'The first code of the new secret, typed on the page',
    body: confirmBody,
    replies: { 202: completed, 403: refused, 429: wait },
    role: 'login',
  },
  me: {
    method: 'GET',
    path: '/api/v1/me',
    summary: 'The state of the own account',
    replies: { 200: user },
    role: 'user',
  },
  myEnrolment: {
    method: 'POST',
    path: '/api/v1/me/enrolment',
    summary:
      'A new secret for oneself; in place of a phone that counts already with a fresh second step only',
    replies: {
      201: v.object({
        ...enrolmentOffer.entries,
        /** The secret in groups of four, to be typed by hand. */
        secretInGroups: v.string(),
      }),
    },
    role: 'user',
  },
  myEnrolmentConfirm: {
    method: 'POST',
    path: '/api/v1/me/enrolment/confirm',
    summary: 'The first code of the own new secret; until then the old phone counts',
    body: v.object({ code: typedCode }),
    replies: { 201: recoveryCodesReply },
    role: 'user',
  },
  disable: {
    method: 'DELETE',
    path: '/api/v1/me/enrolment',
    summary: 'Switch two-factor off for oneself, where nobody requires it',
    replies: { 204: null },
    role: 'user',
    stepUp: true,
  },
  myRecoveryCodes: {
    method: 'POST',
    path: '/api/v1/me/recovery-codes',
    summary: 'Ten new recovery codes for oneself; the old ones end',
    replies: { 201: recoveryCodesReply },
    role: 'user',
    stepUp: true,
  },
  myDevices: {
    method: 'GET',
    path: '/api/v1/me/devices',
    summary: 'The own trusted devices, and why others are not trusted any more',
    replies: { 200: devicesDocument },
    role: 'user',
  },
  revokeMyDevices: {
    method: 'POST',
    path: '/api/v1/me/devices/revoke',
    summary: 'End the trust in one own device, or in all',
    body: revokeBody,
    replies: { 200: devicesDocument },
    role: 'user',
  },
  myActivity: {
    method: 'GET',
    path: '/api/v1/me/activity',
    summary: 'What was decided about the own account, newest first',
    query: v.object({
      before: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/))),
      limit: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,3}$/))),
    }),
    replies: { 200: v.object({ rows: v.array(auditRow), next: v.nullable(count) }) },
    role: 'user',
  },
  stepUp: {
    method: 'POST',
    path: '/api/v1/me/step-up',
    summary:
      'A fresh second step: a token of five minutes for the header X-Step-Up; of a mailed code it is good for a new phone only',
    body: v.object({ method: v.picklist(METHODS), code: typedCode }),
    replies: { 201: v.object({ token: identifier, expires: time }), 403: refused, 429: wait },
    role: 'user',
  },
  stepUpMail: {
    method: 'POST',
    path: '/api/v1/me/step-up/mail',
    summary: 'Mail a code that stands for the lost phone when it is replaced, and for nothing else',
    body: v.strictObject({}),
    replies: codeMailed,
    role: 'user',
  },
  mySecurityEmail: {
    method: 'PUT',
    path: '/api/v1/me/security-email',
    summary:
      'A new Security Email for oneself, where one has a factor with a fresh second step: a code is mailed there',
    body: securityEmailBody,
    replies: codeMailed,
    role: 'user',
  },
  mySecurityEmailConfirm: {
    method: 'POST',
    path: '/api/v1/me/security-email/confirm',
    summary: 'The code that was mailed to the own new Security Email; from then on it counts',
    body: v.object({ code: typedCode }),
    replies: { 200: user },
    role: 'user',
  },
  mySecurityEmailRemove: {
    method: 'DELETE',
    path: '/api/v1/me/security-email',
    summary: 'Have no Security Email; where one has a factor with a fresh second step',
    replies: { 200: user },
    role: 'user',
  },
  ...administration,
});

export type WebContract = typeof webContract;
