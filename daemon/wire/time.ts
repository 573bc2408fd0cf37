// Owns what the core and the helpers for the clock say to each other; what a helper answers is checked here first.

import * as v from 'valibot';

/** Why an exchange with a server gave no time. */
export const EXCHANGE_FAILURES = [
  'no-answer',
  'no-address',
  'short',
  'wrong-mode',
  'wrong-version',
  'wrong-origin',
  'wrong-stratum',
  'unsynchronised',
  'zero-time',
  'too-uncertain',
  'too-slow',
  'impossible',
  'kiss',
] as const;
export type ExchangeFailure = (typeof EXCHANGE_FAILURES)[number];

/** What the core makes of a server: an exchange's failure, or one of these. */
export const SERVER_VERDICTS = [
  'agrees',
  'disagrees',
  'same-as-another',
  'resting',
  ...EXCHANGE_FAILURES,
] as const;
export type ServerVerdict = (typeof SERVER_VERDICTS)[number];

export const CLOCK_STATES = ['synchronised', 'holdover', 'unsynchronised', 'wrong'] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** Why a quorum was not believed. */
export const CLOCK_ALARMS = ['below-floor', 'jumped'] as const;
export type ClockAlarm = (typeof CLOCK_ALARMS)[number];

/** Who keeps the system clock. */
export const KEEPERS = ['timesyncd', 'chrony', 'none'] as const;
export type Keeper = (typeof KEEPERS)[number];

const within = (least: number, most: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(least), v.maxValue(most));

/** Milliseconds; until the year 9999, which is as far as a moment can be written. */
const FARTHEST = 253_402_300_799_000;
const epoch = within(-FARTHEST, FARTHEST);
const length = within(0, 60_000);
/** Only compared and told, never connected to, so its letters are enough; `v.ip()`, compiled, is 82 KB of an idle daemon. */
const address = v.pipe(v.string(), v.regex(/^[0-9a-fA-F.:]{2,45}$/));

const exchange = v.variant('outcome', [
  v.strictObject({
    outcome: v.literal('time'),
    address,
    epoch,
    delay: length,
    bound: length,
    stratum: v.pipe(within(1, 15), v.integer()),
  }),
  v.strictObject({
    outcome: v.picklist(EXCHANGE_FAILURES),
    address: v.optional(address),
    kiss: v.optional(v.pipe(v.string(), v.regex(/^(?:[A-Z]{4}|none)$/))),
  }),
]);

const kernel = v.strictObject({
  synchronised: v.boolean(),
  /** What the kernel takes its error to be, ms. */
  maxError: within(0, 1e9),
  /** What is still to be slewed, ms. */
  offset: within(-1e9, 1e9),
  /** The kernel's time minus elapsed time, ms. */
  epoch,
});

const report = v.strictObject({
  /** One for each server that was asked, in that order. */
  exchanges: v.pipe(v.array(exchange), v.maxLength(16)),
  /** `null` where the kernel does not say. */
  kernel: v.nullable(kernel),
  keeper: v.picklist(KEEPERS),
});

export type ExchangeReport = v.InferOutput<typeof exchange>;
export type KernelReport = v.InferOutput<typeof kernel>;
export type TimeReport = v.InferOutput<typeof report>;

/** What a time helper answered to a question about so many servers; `null` where it does not have that shape. */
export function readTimeReport(answer: unknown, asked: number): TimeReport | null {
  const read = v.safeParse(report, answer);
  return read.success && read.output.exchanges.length === asked ? read.output : null;
}

const setOutcome = v.strictObject({
  outcome: v.picklist(['set', 'not-permitted', 'refused', 'failed']),
  /** What became of the real-time clock. */
  rtc: v.picklist(['written', 'absent', 'failed']),
});
export type SetOutcome = v.InferOutput<typeof setOutcome>;

const automaticOutcome = v.strictObject({
  outcome: v.picklist(['done', 'not-permitted', 'refused', 'failed']),
});
export type AutomaticOutcome = v.InferOutput<typeof automaticOutcome>;

/** What a set-clock helper answered to a request for a time; `null` where it does not have that shape. */
export function readSetOutcome(answer: unknown): SetOutcome | null {
  const read = v.safeParse(setOutcome, answer);
  return read.success ? read.output : null;
}

/** The same for switching synchronisation. */
export function readAutomaticOutcome(answer: unknown): AutomaticOutcome | null {
  const read = v.safeParse(automaticOutcome, answer);
  return read.success ? read.output : null;
}
