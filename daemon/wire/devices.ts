// Owns the shapes of the devices that a user trusts: what a list of them holds, and which one is to be revoked.

import * as v from 'valibot';
import { count, time } from './shapes.ts';

/** Why a device is not trusted any more. */
export const DEVICE_ENDINGS = [
  'revoked-by-user',
  'revoked-by-administrator',
  'password-changed',
  'account-removed',
  'two-factor-reset',
  'two-factor-off',
  'phone-replaced',
  'expired',
  'stolen',
  'rolled-back',
  'too-many',
  'switched-off',
  'clock-changed',
  'account-changed',
] as const;

export const deviceEnding = v.picklist(DEVICE_ENDINGS);

export const devicesDocument = v.object({
  devices: v.array(
    v.object({
      id: count,
      /** What the person called it. */
      name: v.string(),
      browser: v.nullable(v.string()),
      system: v.nullable(v.string()),
      /** Where it was last seen from, to the day. */
      address: v.nullable(v.string()),
      since: time,
      lastUsed: time,
      until: time,
    }),
  ),
  /** Newest first. */
  ended: v.array(v.object({ name: v.string(), because: deviceEnding, at: time })),
});

export const revokeBody = v.strictObject({ id: v.union([count, v.literal('all')]) });

export type DevicesDocument = v.InferOutput<typeof devicesDocument>;
export type DeviceEnding = (typeof DEVICE_ENDINGS)[number];
