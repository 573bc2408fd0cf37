// Owns what a second step can come to, and what an accepted one carries.

import { type DeviceToken, issueKnown } from '../devices/token.ts';
import { type Instant, type Millis, toRfc3339 } from '../kernel/instant.ts';
import type { Verdict } from '../kernel/verdict.ts';
import type { Redemption } from '../store/redemptions.ts';
import type { State } from '../store/state.ts';
import type { User } from '../store/users.ts';
import type { Accepted, Form, NoticeCode, RefusalCode } from '../wire/login.ts';
import { type Admission, admit } from './decision.ts';
import type { Explanation } from './words.ts';

/** Where the answer was typed: with the pipeline, or on the daemon's own page. */
export type Channel = 'pipeline' | 'page';

export interface Refusal {
  readonly kind: 'refused';
  readonly because: RefusalCode;
  readonly form: Form;
  readonly retryAfter: Millis;
  readonly explanation?: Explanation;
}

export type Outcome =
  | { readonly kind: 'admission'; readonly admission: Admission }
  /** Over on the page: the browser carries the proof to the pipeline. */
  | { readonly kind: 'completed'; readonly proof: string; readonly recoveryCodes?: readonly string[] }
  | Refusal
  | { readonly kind: 'wait'; readonly retryAfter: Millis };

/** How long a completed login waits to be redeemed is the rest of its 15 minutes. */
export type NewRedemption = Omit<Redemption, 'redeemed'>;

/** Lets a user in with everything an accepted answer carries. */
export function accept(
  verdict: Verdict,
  state: State,
  user: User,
  now: Instant,
  extra: {
    readonly notice?: NoticeCode | null;
    readonly recoveryCodes?: readonly string[];
    /** Of a device that is trusted from now on; otherwise the browser is known from now on, no more. */
    readonly trusted?: DeviceToken | null;
  } = {},
): Admission {
  const device = extra.trusted ?? issueKnown(user, now, state.key().subkey('known-device'));
  const document: Accepted = {
    outcome: 'accepted',
    user: user.name,
    deviceToken: device.token,
    deviceExpires: toRfc3339(device.expires),
    ...(extra.notice ? { notice: extra.notice } : {}),
    ...(extra.recoveryCodes ? { recoveryCodes: [...extra.recoveryCodes] } : {}),
  };
  return admit(verdict, document);
}

/** A refusal before anything was looked at. */
export function refusal(because: RefusalCode, form: Form = 'single'): Refusal {
  return { kind: 'refused', because, form, retryAfter: 0 };
}
