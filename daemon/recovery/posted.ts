// Owns what somebody hears who asked for a mailed code: that it left, that it is on its way, or why there is none.

import type { Millis } from '../kernel/instant.ts';
import type { Outbox } from '../mail/outbox.ts';
import type { Mailing } from './mail-code.ts';
import { MAILED_CODE_LIVES } from './mailed-code.ts';

/** The answer comes within three seconds, whatever the mail server does. */
const PATIENCE: Millis = 2_500;

export type Mailed =
  | {
      readonly kind: 'mailed';
      /** The address as it may be shown. */
      readonly sentTo: string;
      readonly state: 'sent' | 'queued';
      readonly validFor: Millis;
    }
  | { readonly kind: 'wait'; readonly retryAfter: Millis }
  | { readonly kind: 'refused'; readonly because: 'no-security-email' | 'recent-reset' }
  | { readonly kind: 'unavailable'; readonly because: 'mail-not-set-up' | 'mail-failed' };

/** Hands a queued letter to the mail server and waits for it a little. To be called after the commit. */
export async function post(outbox: Outbox, mailing: Mailing, sentTo: string): Promise<Mailed> {
  if (mailing.kind === 'wait') return mailing;
  if (mailing.kind === 'mail-not-set-up') return { kind: 'unavailable', because: 'mail-not-set-up' };
  outbox.kick();
  const state = await outbox.outcome(mailing.letter, PATIENCE);
  if (state === 'failed') return { kind: 'unavailable', because: 'mail-failed' };
  return { kind: 'mailed', sentTo, state, validFor: MAILED_CODE_LIVES };
}
