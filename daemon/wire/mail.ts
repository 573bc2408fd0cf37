// Owns what the core and the mail role say to each other; what the role answers is checked here first.

import * as v from 'valibot';

/** The steps of sending, in their order. */
export const MAIL_STEPS = ['resolve', 'connect', 'tls', 'sign-in', 'accepted'] as const;
export type MailStep = (typeof MAIL_STEPS)[number];

/** What can go wrong on the way. */
export const MAIL_FAILURES = [
  'no-address',
  'unreachable',
  'timeout',
  'not-smtp',
  'no-starttls',
  'certificate-date',
  'certificate-untrusted',
  'certificate-name',
  'tls-failed',
  'sign-in-refused',
  'passwords-refused',
  'sign-in-not-offered',
  'authorisation-ended',
  'authorisation-unreachable',
  'sender-refused',
  'recipient-refused',
  'rejected',
  'later',
  'dropped',
] as const;
export type MailFailure = (typeof MAIL_FAILURES)[number];

export const AUTHORISATION_STATES = ['pending', 'slow-down', 'authorised', 'declined', 'expired'] as const;

const bounded = (most: number) => v.pipe(v.string(), v.maxLength(most));

const account = v.strictObject({
  host: bounded(253),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  security: v.picklist(['tls', 'starttls', 'plain']),
  /** Certificates in PEM that are trusted in place of the system's. */
  ca: v.nullable(bounded(65_536)),
  signIn: v.nullable(
    v.variant('with', [
      v.strictObject({ with: v.literal('password'), user: bounded(320), password: bounded(1_024) }),
      v.strictObject({ with: v.literal('access-token'), user: bounded(320), accessToken: bounded(16_384) }),
    ]),
  ),
});

const message = v.strictObject({
  from: v.strictObject({ name: bounded(200), address: bounded(254) }),
  to: bounded(254),
  subject: bounded(500),
  text: bounded(20_000),
  html: bounded(60_000),
  messageId: bounded(400),
  /** Milliseconds since the epoch. */
  date: v.number(),
});

const client = v.strictObject({ clientId: bounded(200), endpoint: bounded(500) });

/** One thing that the role is asked; it holds everything that the answer takes. */
export const mailRequest = v.variant('kind', [
  v.strictObject({ kind: v.literal('send'), account, message }),
  /** Signs in and goes away again. */
  v.strictObject({ kind: v.literal('probe'), account }),
  v.strictObject({ kind: v.literal('authorise'), client }),
  v.strictObject({ kind: v.literal('poll'), client, deviceCode: bounded(4_096) }),
  v.strictObject({ kind: v.literal('refresh'), client, refreshToken: bounded(16_384) }),
]);
export type MailRequest = v.InferOutput<typeof mailRequest>;
export type MailAccount = v.InferOutput<typeof account>;
export type MailMessage = v.InferOutput<typeof message>;
export type OAuthClient = v.InferOutput<typeof client>;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** A stranger's words, as they may be shown and kept: one line, 300 characters at most. */
const said = v.pipe(
  v.string(),
  v.maxLength(10_000),
  v.transform((text) => text.replaceAll(UNPRINTABLE, ' ').trim().slice(0, 300)),
);

/** How far it came. The last step may have failed; those behind it were not reached. */
const steps = v.pipe(
  v.array(
    v.variant('ok', [
      v.strictObject({ step: v.picklist(MAIL_STEPS), ok: v.literal(true) }),
      v.strictObject({
        step: v.picklist(MAIL_STEPS),
        ok: v.literal(false),
        failure: v.picklist(MAIL_FAILURES),
        said,
      }),
    ]),
  ),
  v.minLength(1),
  v.maxLength(MAIL_STEPS.length),
  v.check(
    (list) => list.every(({ ok }, index) => ok || index === list.length - 1),
    'nothing comes behind a failure',
  ),
);

const journey = v.pipe(
  v.strictObject({
    /** `unsure`: the letter was handed over, and the answer never came. */
    outcome: v.picklist(['done', 'failed', 'refused', 'unsure']),
    steps,
  }),
  v.check(
    ({ outcome, steps }) => (outcome === 'done') === (steps.at(-1)?.ok === true),
    'what is done has no failure, and what is not has one',
  ),
);
export type Journey = v.InferOutput<typeof journey>;
export type JourneyStep = Journey['steps'][number];

/** How a letter or a sign-in went; `null` where the answer does not have that shape. `refused` is for good. */
export function readJourney(answer: unknown): Journey | null {
  const read = v.safeParse(journey, answer);
  return read.success ? read.output : null;
}

const printable = (most: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(/^[!-~]+$/));
const lasting = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7 * 86_400));

const offer = v.strictObject({
  outcome: v.literal('offered'),
  userCode: printable(64),
  deviceCode: printable(4_096),
  /** Opened by a person: never anything but a web page. */
  verificationUri: v.pipe(printable(500), v.url(), v.startsWith('https://')),
  /** Seconds. */
  expiresIn: lasting,
  interval: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(300)),
});

const failed = v.strictObject({
  outcome: v.literal('failed'),
  failure: v.picklist(MAIL_FAILURES),
  said,
});

const tokens = {
  accessToken: printable(16_384),
  /** Seconds. */
  expiresIn: lasting,
  /** The provider may give a new one each time; `null` where the old one stays. */
  refreshToken: v.nullable(printable(16_384)),
};

const polled = v.variant('outcome', [
  v.strictObject({ outcome: v.picklist(['pending', 'slow-down', 'declined', 'expired']) }),
  v.strictObject({ outcome: v.literal('authorised'), ...tokens }),
  failed,
]);

const refreshed = v.variant('outcome', [
  v.strictObject({ outcome: v.literal('refreshed'), ...tokens }),
  failed,
]);

export type Offered = v.InferOutput<typeof offer> | v.InferOutput<typeof failed>;
export type Polled = v.InferOutput<typeof polled>;
export type Refreshed = v.InferOutput<typeof refreshed>;

/** What the role answered to `authorise`; `null` where it does not have that shape. */
export function readOffer(answer: unknown): Offered | null {
  const read = v.safeParse(v.variant('outcome', [offer, failed]), answer);
  return read.success ? read.output : null;
}

/** The same for `poll`. */
export function readPolled(answer: unknown): Polled | null {
  const read = v.safeParse(polled, answer);
  return read.success ? read.output : null;
}

/** The same for `refresh`. */
export function readRefreshed(answer: unknown): Refreshed | null {
  const read = v.safeParse(refreshed, answer);
  return read.success ? read.output : null;
}
