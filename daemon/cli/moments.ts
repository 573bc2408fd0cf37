// Owns how moments are read from and shown to a person.

import { Fault } from '../kernel/fault.ts';
import { DAY, HOUR, type Instant, instant, later, MINUTE, toRfc3339 } from '../kernel/instant.ts';

/** `2026-11-24 08:00 UTC` for a moment in RFC 3339. */
export function shown(time: string): string {
  return `${shownInColumn(time)} UTC`;
}

/** The same without the zone, for a column whose heading names it. */
export function shownInColumn(time: string): string {
  return shownToTheSecond(time).slice(0, 16);
}

/** `2026-11-24 08:00:00`, in UTC, for a column whose heading says so. */
export function shownToTheSecond(time: string): string {
  return toRfc3339(instant(Date.parse(time)))
    .slice(0, 19)
    .replace('T', ' ');
}

const UNITS = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY } as const;

/**
 * What `--since` means: a moment in RFC 3339, a date (its midnight in UTC), or a time back from now:
 * `30m`, `12h`, `3d`, `2w`.
 * @returns RFC 3339 in UTC
 * @throws Fault `usage`
 */
export function since(typed: string, now: Instant): string {
  const [, amount, unit] = /^(\d{1,5})([mhdw])$/.exec(typed) ?? [];
  if (amount !== undefined && unit !== undefined)
    return toRfc3339(later(now, -Number(amount) * UNITS[unit as keyof typeof UNITS]));
  const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(typed)
    ? Date.parse(typed)
    : Number.NaN;
  if (Number.isNaN(moment) || !sameDay(typed, moment))
    throw new Fault(
      'usage',
      `"${typed}" is not a time that --since understands.`,
      'Use a date (2026-11-24), a moment (2026-11-24T08:00:00Z), or a time back from now (30m, 12h, 3d, 2w).',
    );
  return toRfc3339(instant(moment));
}

/** ECMAScript reads 30 February as 2 March; a person made a mistake there. */
function sameDay(typed: string, moment: number): boolean {
  return typed.length > 10 || toRfc3339(instant(moment)).startsWith(typed);
}
