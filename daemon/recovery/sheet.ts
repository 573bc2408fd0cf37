// Owns recovery codes as a text to print or to keep. Pure.

import { type Instant, toRfc3339 } from '../kernel/instant.ts';

export interface SheetOf {
  readonly user: string;
  /** What this NAS is called. */
  readonly host: string;
  readonly at: Instant;
}

/** One page of plain text, lines ending in LF. It holds the codes: it is shown once and kept by nobody but the person. */
export function recoverySheet({ user, host, at }: SheetOf, codes: readonly string[]): string {
  return [
    `Recovery codes for ${user} on ${host}`,
    `Made on ${toRfc3339(at).slice(0, 10)}; earlier ones do not work any more.`,
    '',
    ...codes.map((code, i) => `${String(i + 1).padStart(2)}.  ${code}`),
    '',
    'Each code stands once for the code from your phone, after your password.',
    'Keep this page where you find it without your phone, and not beside your password.',
    '',
  ].join('\n');
}
