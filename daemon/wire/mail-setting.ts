// Owns what administrators may ask about how the system sends mail: the operations and their shapes.

import * as v from 'valibot';
import { contract } from './contract.ts';
import { MAIL_FAILURES, MAIL_STEPS } from './mail.ts';
import { count, line, time } from './shapes.ts';

export const MAIL_PROVIDERS = ['gmail', 'outlook', 'microsoft365', 'smtp'] as const;
export const MAIL_SECURITIES = ['tls', 'starttls', 'plain'] as const;

/** A failure of the way to the mail server, and what only the core can know of it. */
export const MAIL_TROUBLES = [
  ...MAIL_FAILURES,
  'mail-needs-clock',
  'not-authorised',
  'helper-failed',
] as const;

const troubleCode = v.picklist(MAIL_TROUBLES);

/** A name of the DNS, or an address; without a port. */
const host = v.pipe(line(253), v.regex(/^[A-Za-z0-9:._-]+$/, 'must be the name or the address of a server'));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

export const mailDocument = v.object({
  provider: v.nullable(v.picklist(MAIL_PROVIDERS)),
  from: v.nullable(v.string()),
  host: v.nullable(v.string()),
  port: v.nullable(v.number()),
  security: v.nullable(v.picklist(MAIL_SECURITIES)),
  user: v.nullable(v.string()),
  hasPassword: v.boolean(),
  caFile: v.nullable(v.string()),
  /** Did somebody authorise the system at the provider? Always so where a password, or nothing, is enough. */
  authorised: v.boolean(),
  /** Did the server take the last letter, or the last sign-in? */
  working: v.boolean(),
  /** When the server was last spoken with. */
  lastProbe: v.nullable(time),
  lastError: v.nullable(
    v.object({
      code: troubleCode,
      text: v.string(),
      hint: v.string(),
      /** The server's own words, without a secret; they are in `text` as well. */
      said: v.string(),
    }),
  ),
  queued: count,
  version: count,
});

export const setMailBody = v.strictObject({
  provider: v.picklist(MAIL_PROVIDERS),
  /** The address that letters come from. */
  from: line(320),
  /** What is left out is as the provider has it; a custom server needs its host. */
  host: v.optional(host),
  port: v.optional(port),
  security: v.optional(v.picklist(MAIL_SECURITIES)),
  /** Who signs in; `null` for nobody. Left out with a preset: the sender's address. */
  user: v.optional(v.nullable(line(320))),
  /** Left out: as it was, where server and user are as they were. `null` forgets it. */
  password: v.optional(v.nullable(line(1_024))),
  /** Certificates in PEM of a private server's authority: a file on the NAS. */
  caFile: v.optional(v.nullable(v.pipe(line(4_096), v.startsWith('/', 'must be an absolute path')))),
});

export const mailTest = v.object({
  ok: v.boolean(),
  steps: v.array(
    v.object({
      step: v.picklist(MAIL_STEPS),
      ok: v.boolean(),
      text: v.string(),
      hint: v.nullable(v.string()),
      /** Of a step that failed, with the server's own words. */
      code: v.optional(troubleCode),
      said: v.optional(v.string()),
    }),
  ),
});

export const authorisation = v.object({
  /** To be typed at `verificationUri` by a person who is signed in there. */
  userCode: v.string(),
  verificationUri: v.string(),
  expires: time,
  /** Seconds between two polls. */
  interval: count,
});

export const authorisationState = v.object({
  state: v.picklist(['pending', 'authorised', 'declined', 'expired']),
});

/** Part of the administrator's operations. */
export const mailOperations = contract({
  mail: {
    method: 'GET',
    path: '/v1/mail',
    summary: 'How the system sends mail, and whether it works; the ETag header names the version',
    replies: { 200: mailDocument },
    role: 'administrator',
  },
  setMail: {
    method: 'PUT',
    path: '/v1/mail',
    summary: 'Change it; If-Match must name the version that was read. Passwords go in and never come out',
    body: setMailBody,
    replies: { 200: mailDocument },
    role: 'administrator',
    stepUp: true,
  },
  removeMail: {
    method: 'DELETE',
    path: '/v1/mail',
    summary: 'Send no mail any more and forget the credentials; with If-Match only if it is that version',
    replies: { 200: mailDocument },
    role: 'administrator',
    stepUp: true,
  },
  testMail: {
    method: 'POST',
    path: '/v1/mail/test',
    summary: 'Send a letter to an address now, and tell each step of the way',
    body: v.strictObject({ address: line(320) }),
    replies: { 200: mailTest },
    role: 'administrator',
    stepUp: true,
  },
  authoriseMail: {
    method: 'POST',
    path: '/v1/mail/authorise',
    summary: 'Begin to authorise the system at Microsoft: a code that a person types in there',
    replies: { 200: authorisation },
    role: 'administrator',
    stepUp: true,
  },
  pollMail: {
    method: 'POST',
    path: '/v1/mail/authorise/poll',
    summary: 'Has the person typed it in?',
    replies: { 200: authorisationState },
    role: 'administrator',
  },
});

export type MailDocument = v.InferOutput<typeof mailDocument>;
export type MailTrouble = (typeof MAIL_TROUBLES)[number];
export type MailWanted = v.InferOutput<typeof setMailBody>;
export type MailTest = v.InferOutput<typeof mailTest>;
export type Authorisation = v.InferOutput<typeof authorisation>;
export type AuthorisationState = v.InferOutput<typeof authorisationState>;
