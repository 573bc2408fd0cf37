// Owns "Unable to Access": an Emergency Verification Code for one open login, mailed to its user's Security Email.

import { Fault } from '../kernel/fault.ts';
import { mailCode } from '../recovery/mail-code.ts';
import { mailboxOf } from '../recovery/mailbox.ts';
import { type Mailed, post } from '../recovery/posted.ts';
import type { Parts } from '../service/parts.ts';
import { unknownLogin } from './challenge.ts';
import { auditRow, movedOn, userOf } from './settle.ts';
import { findLogin, storeLogin } from './stored.ts';
import { localeOf } from './words.ts';

/**
 * Mails a new code, which takes the place of this login's last one. Resolves within three seconds.
 * @throws Fault `unknown-login` (also where password, factor or policy changed since), `not-enrolled`, `store-unavailable`
 */
export async function emergencyMail(
  parts: Parts,
  body: { readonly login: string; readonly user: string },
): Promise<Mailed> {
  const { state, clock, random, outbox } = parts;
  const login = findLogin(parts, body);
  if (login.state !== 'open') throw unknownLogin();
  if (login.kind === 'enrol') throw nothingToReplace();
  const asked = await state.write((t) => {
    const now = clock.now();
    const user = userOf(t, login);
    if (login.state !== 'open' || !user || !t.factors.of(user.id) || movedOn(t, login, user, now)) {
      throw unknownLogin();
    }
    const mailbox = mailboxOf(t, user.id, now);
    const refused = !mailbox ? 'no-security-email' : mailbox.closed;
    if (!mailbox || refused) return { refused: refused ?? 'no-security-email' } as const;
    const lane = login.lane === 'known' ? 'known' : 'strangers';
    const to = { address: mailbox.address, locale: localeOf(login.locale) ?? mailbox.locale };
    const { service, address } = login;
    const mailing = mailCode(
      t,
      { user, to, kind: 'emergency', id: login.id, lane, service, from: address },
      now,
      { key: state.key(), random },
    );
    if (mailing.kind === 'queued') {
      storeLogin(t, login, user.id, now);
      t.audit.add(auditRow(login, now, 'mail-requested', 'emergency-code'));
    }
    return { mailing, sentTo: mailbox.masked } as const;
  }, 'now');
  if (asked.mailing) return post(outbox, asked.mailing, asked.sentTo);
  if (asked.refused === 'mail-not-set-up') return { kind: 'unavailable', because: asked.refused };
  return { kind: 'refused', because: asked.refused };
}

function nothingToReplace(): Fault {
  return new Fault(
    'not-enrolled',
    'This login waits for its user to enrol, so there is no second step that a mailed code could stand for.',
    'Ask for a secret with /v1/login/enrol and confirm its first code.',
  );
}
