// Owns what the core makes of what the mail role answered: which part of it is the clock's fault, and what may be repeated.

import { MINUTE, type Millis } from '../kernel/instant.ts';
import type { Journey, JourneyStep } from '../wire/mail.ts';
import type { ClockState } from '../wire/time.ts';
import type { MailTrouble } from './explain.ts';
import { hush } from './hush.ts';

export interface ClockStanding {
  readonly state: ClockState;
  /** How far the system clock is from the corrected time; `null` where nobody knows. */
  readonly offset: Millis | null;
}

/** What ended a journey; `null` where nothing did. An answer that is none is the helper's own failure. */
export interface Ending {
  readonly code: MailTrouble;
  readonly text: string;
}

/** The system clock judges certificates: where it may be wrong, an expired one proves nothing. */
export function troubleOf(
  step: Extract<JourneyStep, { ok: false }>,
  { state, offset }: ClockStanding,
): MailTrouble {
  const doubtful = state === 'wrong' || state === 'unsynchronised' || Math.abs(offset ?? 0) > MINUTE;
  return step.failure === 'certificate-date' && doubtful ? 'mail-needs-clock' : step.failure;
}

export function endingOf(
  journey: Journey | null,
  clock: ClockStanding,
  secrets: readonly string[],
): Ending | null {
  if (journey === null) return { code: 'helper-failed', text: '' };
  const last = journey.steps.at(-1);
  if (last === undefined || last.ok) return null;
  return { code: troubleOf(last, clock), text: hush(last.said, secrets) };
}
