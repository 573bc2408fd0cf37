// Owns asking for a mailed password reset: answered at once, the same for everybody, and worked on afterwards.

import { identify } from '../accounts/identify.ts';
import { look } from '../devices/recognise.ts';
import type { Millis } from '../kernel/instant.ts';
import { token } from '../kernel/random.ts';
import { localeOf } from '../login/words.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import type { MailLane } from './allowance.ts';
import { mailCode, storeCode } from './mail-code.ts';
import { newMailedCode } from './mailed-code.ts';

export interface ResetWanted {
  readonly user: string;
  readonly remoteAddress?: string | undefined;
  readonly deviceToken?: string | undefined;
  readonly locale?: string | undefined;
}

/** The answer has left by then: whether there is such a user is not to be seen in how long it takes. */
const AFTERWARDS: Millis = 50;

/**
 * The ID of a new reset. Whether a code is mailed for it is decided afterwards, and shows nowhere but in the mailbox: a
 * reset that nobody gets a mail of is stored in the same way, and judged in the same way.
 */
export function beginPasswordReset(parts: Parts, body: ResetWanted): string {
  const reset = token(parts.random);
  // Whoever is not mailed because the store fails hears so from nobody; asking again is the remedy.
  setTimeout(() => mailReset(parts, body, reset).catch(() => {}), AFTERWARDS);
  return reset;
}

/** How a reset is named where its code is stored: with the name that was given, which has to be repeated. */
export function resetId(reset: string, user: string): string {
  return `${reset}:${user}`;
}

async function mailReset(parts: Parts, body: ResetWanted, reset: string): Promise<void> {
  const { state, directory, clock, random, outbox } = parts;
  const identity = await identify(state, directory, body.user, undefined);
  const id = resetId(reset, body.user);
  await state.write((t) => {
    const now = clock.now();
    const user = identity.kind === 'user' ? t.users.byId(identity.user.id) : null;
    const confirmed = user && user.removedAt === null ? t.securityEmails.confirmed(user.id) : undefined;
    if (user && confirmed) {
      const to = { address: confirmed.address, locale: localeOf(body.locale ?? null) ?? confirmed.locale };
      const lane = laneOf(parts, t, user, body.deviceToken);
      const from = body.remoteAddress ?? null;
      const wanted = { user, to, kind: 'reset', id, lane, service: null, from } as const;
      if (mailCode(t, wanted, now, { key: state.key(), random }).kind === 'queued') {
        const row = { at: now, user: user.name, service: null, address: from };
        t.audit.add({ ...row, outcome: 'mail-requested', because: 'password-reset' });
        return;
      }
    }
    storeCode(t, { kind: 'reset', id, user: null, code: newMailedCode(random) }, now, state.key());
  });
  outbox.kick();
}

function laneOf(
  { state, clock, config }: Parts,
  t: Tables,
  user: User,
  device: string | undefined,
): MailLane {
  const days = config.limits.trustedDeviceDays;
  const present = { now: clock.now(), clock: clock.trust(), days, key: state.key() };
  const { kind } = look(t, user, device, present);
  return kind === 'known' || kind === 'trusted' ? 'reset-known' : 'reset';
}
