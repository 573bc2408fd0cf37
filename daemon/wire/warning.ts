// Owns what the status warns of: every code, and the shape of one warning.

import * as v from 'valibot';

/** What a daemon that runs warns of. One that cannot judge logins has a critical warning with the code of its fault. */
export const WARNINGS = [
  'roster-unwritable',
  'roster-invalid',
  'store-full',
  'store-read-only',
  'store-unwritable',
  'store-recovered',
  'clock-below-floor',
  'clock-alarm',
  'clock-holdover',
  'clock-unsynchronised',
  'clock-off',
  'mail-not-configured',
  'mail-needs-clock',
  'mail-not-working',
  'users-not-ready',
] as const;

export const warning = v.object({
  code: v.string(),
  severity: v.picklist(['warning', 'critical']),
  text: v.string(),
  hint: v.string(),
});

export type WarningCode = (typeof WARNINGS)[number];
