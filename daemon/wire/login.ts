// Owns the contract of login.sock, version 1: what FygoOS's login pipeline and the PAM module build against.

import * as v from 'valibot';
import { contract } from './contract.ts';
import { deviceEnding } from './devices.ts';
import { deviceName, identifier, line, seconds, time, typedCode, uid, userName } from './shapes.ts';

export const FORMS = ['single', 'pair', 'triple'] as const;
export const METHODS = ['totp', 'recovery-code', 'emergency-code'] as const;
export const DENIALS = [
  'unknown-user',
  'identity-changed',
  'state-lost',
  'key-missing',
  'store-unavailable',
  'directory-unavailable',
  'recent-reset',
] as const;
export const REFUSALS = [
  'wrong-code',
  'used-code',
  'expired-code',
  'form-required',
  'login-changed',
  'totp-suspended',
  'clock-unsure',
] as const;
export const EXPLANATIONS = ['phone-slow', 'phone-fast', 'just-enrolled', 'board-clock'] as const;
export const NOTICES = [
  'recovery-codes-low',
  'security-email-missing',
  'phone-drifts',
  'board-clock',
] as const;

const form = v.picklist(FORMS);
const login = v.object({ login: identifier, user: userName });

export const beginBody = v.object({
  user: userName,
  service: line(64),
  uid: v.optional(uid),
  remoteAddress: v.optional(line(64)),
  userAgent: v.optional(v.pipe(v.string(), v.maxLength(4096))),
  deviceToken: v.optional(v.pipe(v.string(), v.maxLength(512))),
  locale: v.optional(line(35)),
});

export const allowed = v.object({
  outcome: v.literal('allow'),
  user: v.string(),
  because: v.picklist(['not-enrolled', 'trusted-device', 'grace', 'exempt']),
  enrolBy: v.optional(time),
  deviceToken: v.optional(v.string()),
  deviceExpires: v.optional(time),
});

/** What there is to know of a login that has to be answered. */
export const challengeFace = v.object({
  outcome: v.literal('challenge'),
  methods: v.array(v.picklist(METHODS)),
  form,
  securityEmail: v.nullable(v.string()),
  retryAfter: seconds,
  expires: time,
  /** Why the device that was trusted asks again. */
  trustEnded: v.optional(deviceEnding),
  /** Since when, where that is known. */
  trustEndedAt: v.optional(time),
});

const challenge = v.object({ ...challengeFace.entries, login: identifier });

/** The same of a login whose user has to enrol first. */
export const enrolFace = v.object({ outcome: v.literal('enrol'), expires: time });

const mustEnrol = v.object({ ...enrolFace.entries, login: identifier });

const denied = v.object({ outcome: v.literal('deny'), because: v.picklist(DENIALS) });

export const answerBody = v.object({
  ...login.entries,
  method: v.picklist(METHODS),
  code: typedCode,
  trustDevice: v.optional(deviceName),
});

export const accepted = v.object({
  outcome: v.literal('accepted'),
  user: v.string(),
  deviceToken: v.string(),
  deviceExpires: time,
  notice: v.optional(v.picklist(NOTICES)),
  recoveryCodes: v.optional(v.array(v.string())),
});

export const refused = v.object({
  outcome: v.literal('refused'),
  because: v.picklist(REFUSALS),
  form,
  retryAfter: seconds,
  explanation: v.optional(
    v.object({ code: v.picklist(EXPLANATIONS), seconds: v.optional(seconds), text: v.string() }),
  ),
});

export const wait = v.object({ outcome: v.literal('wait'), retryAfter: seconds });

export const enrolmentOffer = v.object({
  account: v.string(),
  issuer: v.string(),
  secret: v.string(),
  uri: v.string(),
  qrSvg: v.string(),
  qrText: v.string(),
});

/** What somebody hears who asked for a mailed code. */
export const codeMailed = {
  202: v.object({ sentTo: v.string(), state: v.picklist(['sent', 'queued']), validFor: seconds }),
  409: v.object({
    outcome: v.literal('refused'),
    because: v.picklist(['no-security-email', 'recent-reset']),
  }),
  429: wait,
  503: v.object({
    outcome: v.literal('refused'),
    because: v.picklist(['mail-not-set-up', 'mail-failed']),
  }),
} as const;

export const loginBody = login;
export const confirmBody = v.object({ ...login.entries, code: typedCode });

export const loginContract = contract({
  begin: {
    method: 'POST',
    path: '/v1/login/begin',
    summary: 'The password was right: what now?',
    body: beginBody,
    replies: { 200: allowed, 401: v.variant('outcome', [challenge, mustEnrol]), 403: denied },
  },
  answer: {
    method: 'POST',
    path: '/v1/login/answer',
    summary: 'The second step',
    body: answerBody,
    replies: { 200: accepted, 403: refused, 429: wait },
  },
  emergencyMail: {
    method: 'POST',
    path: '/v1/login/emergency-mail',
    summary: '"Unable to Access": mail an Emergency Verification Code',
    body: loginBody,
    replies: codeMailed,
  },
  enrol: {
    method: 'POST',
    path: '/v1/login/enrol',
    summary: 'Enrol during a login that requires it: a new secret',
    body: loginBody,
    replies: { 201: enrolmentOffer, 403: refused },
  },
  confirm: {
    method: 'POST',
    path: '/v1/login/enrol/confirm',
    summary: 'The first code of the new secret',
    body: confirmBody,
    replies: { 200: accepted, 403: refused, 429: wait },
  },
  redeem: {
    method: 'POST',
    path: '/v1/login/redeem',
    summary: "The login was completed on the daemon's own page, which handed the proof to the browser",
    body: v.object({ ...login.entries, proof: identifier }),
    replies: { 200: accepted, 403: refused },
  },
  passwordResetBegin: {
    method: 'POST',
    path: '/v1/password-reset/begin',
    summary: 'Ask for a mailed password-reset code',
    body: v.object({
      user: userName,
      remoteAddress: v.optional(line(64)),
      /** Of a browser that logged in before: its mails have a share of their own. */
      deviceToken: v.optional(v.pipe(v.string(), v.maxLength(512))),
      locale: v.optional(line(35)),
    }),
    replies: { 202: v.object({ reset: identifier }) },
  },
  passwordResetRedeem: {
    method: 'POST',
    path: '/v1/password-reset/redeem',
    summary: 'The mailed password-reset code',
    body: v.object({ reset: identifier, user: userName, code: typedCode }),
    replies: { 201: v.object({ outcome: v.literal('reset-allowed') }), 403: refused },
  },
  accountEvent: {
    method: 'POST',
    path: '/v1/account-event',
    summary: 'The password changed, or the account was removed',
    body: v.object({ user: userName, event: v.picklist(['password-changed', 'removed']) }),
    replies: { 202: null },
  },
  health: {
    method: 'GET',
    path: '/v1/health',
    summary: 'Can logins be judged?',
    replies: { 204: null, 503: null },
  },
});

export type LoginContract = typeof loginContract;
export type Form = (typeof FORMS)[number];
export type Method = (typeof METHODS)[number];
export type Denial = (typeof DENIALS)[number];
export type RefusalCode = (typeof REFUSALS)[number];
export type ExplanationCode = (typeof EXPLANATIONS)[number];
export type NoticeCode = (typeof NOTICES)[number];
export type Allowed = v.InferOutput<typeof allowed>;
export type Accepted = v.InferOutput<typeof accepted>;
export type Refused = v.InferOutput<typeof refused>;
export type BeginBody = v.InferOutput<typeof beginBody>;
export type EnrolmentOffer = v.InferOutput<typeof enrolmentOffer>;
