// Owns what admin.sock and web.sock say of the clock.

import * as v from 'valibot';
import { count, time } from './shapes.ts';
import { CLOCK_ALARMS, CLOCK_STATES, KEEPERS, SERVER_VERDICTS } from './time.ts';

const seconds = v.nullable(v.number());

export const clockDocument = v.object({
  state: v.picklist(CLOCK_STATES),
  /** Why the servers' agreement is not believed. */
  alarm: v.nullable(v.picklist(CLOCK_ALARMS)),
  /** Since when the state is what it is. */
  since: time,
  systemTime: time,
  correctedTime: time,
  /** What the system clock is wrong by, positive when it is fast; `null` while nobody knows. */
  offsetSeconds: seconds,
  boundSeconds: seconds,
  checked: v.nullable(time),
  quorum: v.object({ agreeing: count, needed: count, servers: count }),
  servers: v.array(
    v.object({
      name: v.string(),
      address: v.nullable(v.string()),
      verdict: v.picklist(SERVER_VERDICTS),
      offsetSeconds: seconds,
      delaySeconds: seconds,
      stratum: v.nullable(count),
    }),
  ),
  kernel: v.nullable(
    v.object({ synchronised: v.boolean(), maxErrorSeconds: v.number(), slewingSeconds: v.number() }),
  ),
  keeper: v.nullable(v.picklist(KEEPERS)),
  floor: v.nullable(time),
  lastStep: v.nullable(v.object({ time, bySeconds: v.number() })),
});

export const clockFace = v.object({
  state: v.picklist(CLOCK_STATES),
  systemTime: time,
  networkTime: v.nullable(time),
  boundSeconds: seconds,
});

/** `offsetSeconds` moves the clock by so much on root's word; without it, to what the servers say. */
export const setClockBody = v.variant('force', [
  v.strictObject({ force: v.literal(false) }),
  v.strictObject({
    force: v.literal(true),
    offsetSeconds: v.pipe(v.number(), v.finite(), v.minValue(-1e11), v.maxValue(1e11)),
  }),
]);

export const clockSet = v.object({
  movedSeconds: v.number(),
  rtc: v.picklist(['written', 'absent', 'failed']),
  clock: clockDocument,
});

export type ClockDocument = v.InferOutput<typeof clockDocument>;
export type ClockFace = v.InferOutput<typeof clockFace>;
