// Owns the contract of admin.sock, version 1: what root may ask; `role` says what web.sock serves to administrators too.

import * as v from 'valibot';
import { clockDocument, clockSet, setClockBody } from './clock.ts';
import { contract } from './contract.ts';
import { devicesDocument, revokeBody } from './devices.ts';
import { codeMailed, enrolmentOffer, METHODS } from './login.ts';
import { mailOperations } from './mail-setting.ts';
import { policy, policyBody, preview, setPolicyBody } from './policy.ts';
import { recoveryCodesReply, securityEmailBody, securityEmailShown } from './recovery.ts';
import { count, line, time, typedCode, userName } from './shapes.ts';
import { warning } from './warning.ts';

const named = v.object({ name: userName });
const reason = line(200);

export const RESETS = ['factor', 'failures', 'account'] as const;
export const USER_STATES = ['enrolled', 'not-enrolled', 'state-lost', 'identity-changed', 'removed'] as const;

export const status = v.object({
  state: v.picklist(['healthy', 'degraded', 'down']),
  line: v.string(),
  version: v.string(),
  clock: v.object({
    state: v.picklist(['synchronised', 'holdover', 'unsynchronised', 'wrong']),
    offsetSeconds: v.nullable(v.number()),
    boundSeconds: v.nullable(v.number()),
    serversAgreeing: count,
    servers: count,
  }),
  users: v.object({ known: count, enrolled: count, required: count, notReady: count }),
  mail: v.object({ configured: v.boolean(), working: v.boolean(), queued: count }),
  store: v.object({ writable: v.boolean(), schema: count }),
  warnings: v.array(warning),
});

export const user = v.object({
  name: v.string(),
  uid: v.number(),
  state: v.picklist(USER_STATES),
  administrator: v.boolean(),
  required: v.boolean(),
  methods: v.array(v.picklist(METHODS)),
  enrolledAt: v.nullable(time),
  lastLogin: v.nullable(time),
  recoveryCodes: count,
  securityEmail: securityEmailShown,
  trustedDevices: count,
  /** Could this user get in today without the phone? */
  ready: v.boolean(),
  pass: v.nullable(time),
  driftSteps: v.number(),
  failures: v.object({ strangers: count, knownDevices: count }),
  form: v.picklist(['single', 'pair', 'triple']),
  totpSuspended: v.boolean(),
  enrolBy: v.nullable(time),
});

export const auditRow = v.object({
  id: count,
  time,
  user: v.string(),
  service: v.nullable(v.string()),
  address: v.nullable(v.string()),
  outcome: v.string(),
  because: v.nullable(v.string()),
  /** Who decided, where it was not the user himself. */
  actor: v.optional(v.string()),
});

const cell = v.union([v.string(), v.number(), v.null(), v.object({ bytes: v.string() })]);

/** Rows by table, of one moment. `key` is null where no secrets were asked for. */
const backupContents = v.object({
  schema: count,
  key: v.nullable(v.string()),
  floor: count,
  tables: v.record(v.string(), v.array(v.record(v.string(), cell))),
  sequences: v.record(v.string(), count),
});

const codes = v.object({ recoveryCodes: v.array(v.string()) });

export const adminContract = contract({
  status: {
    method: 'GET',
    path: '/v1/status',
    summary: 'Health, in one document',
    replies: { 200: status },
    role: 'administrator',
  },
  openapi: {
    method: 'GET',
    path: '/v1/openapi',
    summary: 'The OpenAPI 3.1 documents of every socket',
    replies: { 200: v.record(v.string(), v.unknown()) },
    role: 'root',
  },
  users: {
    method: 'GET',
    path: '/v1/users',
    summary: 'Every user the daemon knows',
    replies: { 200: v.object({ users: v.array(user) }) },
    role: 'administrator',
  },
  user: {
    method: 'GET',
    path: '/v1/users/{name}',
    summary: 'One user',
    params: named,
    replies: { 200: user },
    role: 'administrator',
  },
  enrolment: {
    method: 'POST',
    path: '/v1/users/{name}/enrolment',
    summary: 'A new secret for a user who has none; replaces one that was not confirmed',
    params: named,
    replies: { 201: enrolmentOffer },
    role: 'root',
  },
  enrolmentConfirm: {
    method: 'POST',
    path: '/v1/users/{name}/enrolment/confirm',
    summary: 'The first code of the new secret',
    params: named,
    body: v.object({ code: typedCode }),
    replies: { 201: codes },
    role: 'root',
  },
  reset: {
    method: 'POST',
    path: '/v1/users/{name}/reset',
    summary: 'Take the second factor away; or only forget the failures; or forget the account altogether',
    params: named,
    body: v.object({ reason, what: v.optional(v.picklist(RESETS), 'factor') }),
    replies: { 200: user, 204: null },
    role: 'administrator',
    stepUp: true,
  },
  pass: {
    method: 'POST',
    path: '/v1/users/{name}/pass',
    summary: 'A one-time pass: one recovery code with a reason, valid for 24 hours',
    params: named,
    body: v.object({ reason }),
    replies: { 201: v.object({ pass: v.string(), expires: time }) },
    role: 'administrator',
    stepUp: true,
  },
  recoveryCodes: {
    method: 'POST',
    path: '/v1/users/{name}/recovery-codes',
    summary: 'Ten new recovery codes; the old ones end',
    params: named,
    replies: { 201: recoveryCodesReply },
    role: 'root',
  },
  setSecurityEmail: {
    method: 'PUT',
    path: '/v1/users/{name}/security-email',
    summary:
      'A new Security Email for a user: a code is mailed there; until it is confirmed the old one counts',
    params: named,
    body: securityEmailBody,
    replies: codeMailed,
    role: 'root',
  },
  confirmSecurityEmail: {
    method: 'POST',
    path: '/v1/users/{name}/security-email/confirm',
    summary: 'The code that was mailed to the new Security Email',
    params: named,
    body: v.object({ code: typedCode }),
    replies: { 200: user },
    role: 'root',
  },
  removeSecurityEmail: {
    method: 'DELETE',
    path: '/v1/users/{name}/security-email',
    summary: 'Take the Security Email of a user away',
    params: named,
    replies: { 200: user },
    role: 'root',
  },
  devices: {
    method: 'GET',
    path: '/v1/users/{name}/devices',
    summary: 'The devices a user trusts, and why others are not trusted any more',
    params: named,
    replies: { 200: devicesDocument },
    role: 'administrator',
  },
  revokeDevices: {
    method: 'POST',
    path: '/v1/users/{name}/devices/revoke',
    summary: 'End the trust in one device of a user, or in all',
    params: named,
    body: revokeBody,
    replies: { 200: devicesDocument },
    role: 'administrator',
  },
  policy: {
    method: 'GET',
    path: '/v1/policy',
    summary: 'Who has to use two-factor; the ETag header names the version',
    replies: { 200: policy },
    role: 'administrator',
  },
  setPolicy: {
    method: 'PUT',
    path: '/v1/policy',
    summary: 'Change it, at once or from a moment on; If-Match must name the version that was read',
    body: setPolicyBody,
    replies: { 200: policy },
    role: 'administrator',
    stepUp: true,
  },
  previewPolicy: {
    method: 'POST',
    path: '/v1/policy/preview',
    summary: 'What a policy would mean for whom; changes nothing',
    body: policyBody,
    replies: { 200: preview },
    role: 'administrator',
  },
  ...mailOperations,
  clock: {
    method: 'GET',
    path: '/v1/clock',
    summary: 'Whether the time is right: the servers, the kernel, the corrected time',
    replies: { 200: clockDocument },
    role: 'administrator',
  },
  checkClock: {
    method: 'POST',
    path: '/v1/clock/check',
    summary:
      'Ask the time servers now; with accept, which only root may say, take what they agree on for the truth',
    body: v.strictObject({ accept: v.optional(v.boolean(), false) }),
    replies: { 200: clockDocument },
    role: 'administrator',
  },
  setClock: {
    method: 'POST',
    path: '/v1/clock/set',
    summary: 'Step the system clock to the measured time, or, for root alone, by an offset',
    body: setClockBody,
    replies: { 200: clockSet },
    role: 'administrator',
    stepUp: true,
  },
  autoClock: {
    method: 'POST',
    path: '/v1/clock/auto',
    summary: 'Switch the automatic synchronisation of the system clock on or off',
    body: v.strictObject({ automatic: v.boolean() }),
    replies: { 204: null },
    role: 'administrator',
    stepUp: true,
  },
  backup: {
    method: 'POST',
    path: '/v1/backup',
    summary: 'What a backup holds; with secrets also the seeds and the key that opens them',
    body: v.strictObject({ secrets: v.boolean() }),
    replies: { 200: backupContents },
    role: 'root',
  },
  audit: {
    method: 'GET',
    path: '/v1/audit',
    summary: 'Decisions, newest first',
    query: v.object({
      user: v.optional(userName),
      since: v.optional(time),
      before: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/))),
      limit: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,3}$/))),
    }),
    replies: { 200: v.object({ rows: v.array(auditRow), next: v.nullable(count) }) },
    role: 'administrator',
  },
});

export { type PolicyDocument, type PolicyWanted, type PreviewDocument, SCOPES } from './policy.ts';

export type AdminContract = typeof adminContract;
export type Status = v.InferOutput<typeof status>;
export type UserDocument = v.InferOutput<typeof user>;
export type AuditDocument = v.InferOutput<typeof auditRow>;
