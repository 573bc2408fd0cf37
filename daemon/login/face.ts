// Owns what somebody who has to answer is told: which methods work now, in which form, where a code would be mailed.

import type { Instant, Millis } from '../kernel/instant.ts';
import { mailboxOf } from '../recovery/mailbox.ts';
import type { Parts } from '../service/parts.ts';
import type { Factor } from '../store/factors.ts';
import type { Tables } from '../store/tables.ts';
import type { Lane } from '../verification/throttle.ts';
import { demand } from '../verification/verify.ts';
import type { Form, Method } from '../wire/login.ts';
import { methodsNow } from './methods.ts';

export interface Face {
  readonly methods: Method[];
  /** The confirmed Security Email, masked. */
  readonly securityEmail: string | null;
  readonly form: Form;
  readonly retryAfter: Millis;
}

/** What a challenge shows in this lane at `now`. */
export function faceOf(
  { state, clock }: Parts,
  t: Tables,
  user: number,
  factor: Factor,
  lane: Lane,
  now: Instant,
): Face {
  const { form, suspended, wait } = demand(factor, lane, now, clock.trust());
  // Recovery and mailed codes raise the user's counter, which the roster has to take.
  const { sound } = state.roster;
  const mailbox = mailboxOf(t, user, now);
  const mailable = sound && mailbox !== null && mailbox.closed === null;
  const methods = methodsNow(suspended, sound ? t.recoveryCodes.left(user, now) : 0, mailable);
  return { methods, securityEmail: mailbox?.masked ?? null, form, retryAfter: wait };
}
