// Owns the mailed code with which a signed-in user replaces his phone, and can do nothing else.

import { Fault } from '../kernel/fault.ts';
import { rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import { mailCode } from './mail-code.ts';
import { mailboxOf } from './mailbox.ts';
import { type Mailed, post } from './posted.ts';

/**
 * Mails a code to the caller's Security Email; never within 72 h of a password reset by mail. Resolves within three seconds.
 * @throws Fault `not-enrolled`, `store-unavailable`
 */
export async function mailReplacePhone(parts: Parts, caller: Caller): Promise<Mailed> {
  const { state, clock, random, outbox } = parts;
  const asked = await state.write((t) => {
    const now = clock.now();
    const user = t.users.byUid(caller.uid);
    if (!user || !t.factors.of(user.id)) throw noPhone();
    const mailbox = mailboxOf(t, user.id, now);
    const refused = !mailbox ? 'no-security-email' : mailbox.closed;
    if (!mailbox || refused) return { refused: refused ?? 'no-security-email' } as const;
    const from = caller.address;
    const mailing = mailCode(
      t,
      { user, to: mailbox, kind: 'replace-phone', id: `${user.id}`, lane: 'step-up', service: null, from },
      now,
      { key: state.key(), random },
    );
    if (mailing.kind === 'queued') {
      t.audit.add(rowBy(caller, now, user.name, 'mail-requested', 'replace-phone'));
    }
    return { mailing, sentTo: mailbox.masked } as const;
  });
  if (asked.mailing) return post(outbox, asked.mailing, asked.sentTo);
  if (asked.refused === 'mail-not-set-up') return { kind: 'unavailable', because: asked.refused };
  return { kind: 'refused', because: asked.refused };
}

function noPhone(): Fault {
  return new Fault(
    'not-enrolled',
    'You have not enrolled, so there is no phone to replace.',
    'Switch two-factor on, in Personal Settings.',
  );
}
