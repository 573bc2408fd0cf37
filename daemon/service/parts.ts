// Owns the list of parts that use-cases are given; compose.ts makes them, nothing else does.

import type { CachedDirectory } from '../accounts/cache.ts';
import type { Timekeeping } from '../clock/timekeeping.ts';
import type { Config } from '../config.ts';
import type { PendingEnrolments } from '../enrolment/pending.ts';
import type { Clock } from '../kernel/instant.ts';
import type { Random } from '../kernel/random.ts';
import type { Logins } from '../login/challenge.ts';
import type { StepUps } from '../login/step-ups.ts';
import type { MailDesk } from '../mail/desk.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { State } from '../store/state.ts';
import type { Debts } from '../verification/debts.ts';
import type { Turns } from '../verification/turns.ts';
import type { Refusals } from './refusals.ts';

export interface Parts {
  readonly state: State;
  readonly clock: Clock;
  /** The same clock, with what it rests on. */
  readonly timekeeping: Timekeeping;
  readonly random: Random;
  readonly directory: CachedDirectory;
  readonly logins: Logins;
  readonly pending: PendingEnrolments;
  /** Secrets that signed-in users asked for themselves. */
  readonly ownPending: PendingEnrolments;
  readonly stepUps: StepUps;
  readonly refusals: Refusals;
  /** Whose turn it is with two codes; with three, on a board that has lost the time. */
  readonly turns: { readonly pair: Turns; readonly triple: Turns; readonly searching: { busy: boolean } };
  readonly debts: Debts;
  /** What is known of the mail provider between two letters. */
  readonly mail: MailDesk;
  readonly outbox: Outbox;
  readonly config: Config;
  /** What this NAS is called in an authenticator app. */
  readonly host: string;
  readonly version: string;
}
