// Owns one try to send one letter, from the queue to what became of it.

import type { MailMessage } from '../wire/mail.ts';
import { type Journey, readJourney } from '../wire/mail.ts';
import { compose } from './compose.ts';
import { type Ending, endingOf } from './judge.ts';
import type { LetterId } from './letter.ts';
import { type MailParts, prepare } from './prepare.ts';
import { recordTrouble } from './record-trouble.ts';
import { type Settled, settle, type Try } from './settle.ts';
import { take } from './take.ts';

export interface Delivery {
  readonly settled: Settled;
  readonly ending: Ending | null;
  /** What could not be written down yet. */
  readonly open: Try | null;
}

/** `null` where mail is not set up. @throws Fault `store-unavailable` before anything was sent */
export async function deliver(parts: MailParts, id: LetterId): Promise<Delivery | null> {
  const prepared = await prepare(parts);
  if (prepared.kind === 'off') return null;
  const { version, setting } = prepared.mail;
  if (prepared.kind === 'failed') {
    const ending = { code: prepared.failure, text: prepared.said };
    await recordTrouble(parts, version, ending);
    return { settled: 'again', ending, open: null };
  }
  const letter = await take(parts, id);
  if (letter === null) return { settled: 'failed', ending: null, open: null };
  const { issuer } = parts.config.brand;
  const words = compose(letter, { host: parts.host, issuer });
  const message: MailMessage = {
    ...words,
    from: { name: issuer, address: setting.sender },
    to: letter.recipient,
    messageId: letter.messageId,
    date: letter.at,
  };
  const { role } = parts.mail;
  const answer = await role.handle({ kind: 'send', account: prepared.account, message }).catch(() => null);
  const journey = readJourney(answer);
  const secrets = 'code' in letter.letter ? [...prepared.secrets, letter.letter.code] : prepared.secrets;
  const ending = endingOf(journey, standingOf(parts), secrets);
  if (ending?.code === 'sign-in-refused') parts.mail.forget();
  return finish(parts, { letter, outcome: outcomeOf(journey), ending, version });
}

/** Writes down a try; what the medium does not take stays open, and is written at the next opportunity. */
export async function finish(parts: MailParts, tried: Try): Promise<Delivery> {
  try {
    return { settled: await settle(parts, tried), ending: tried.ending, open: null };
  } catch {
    return { settled: 'again', ending: tried.ending, open: tried };
  }
}

/** What the system clock, which judges certificates, can be relied on for. */
export function standingOf({ timekeeping: { clock } }: MailParts) {
  return { state: clock.standing().state, offset: clock.offset() };
}

/** A helper that answers nothing, or nonsense, may have sent it all the same. */
function outcomeOf(journey: Journey | null): Journey['outcome'] {
  return journey === null ? 'unsure' : journey.outcome;
}
