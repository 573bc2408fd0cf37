// Owns the look whether the mail server would take a letter: a sign-in, and no mail.

import { readJourney } from '../wire/mail.ts';
import { standingOf } from './deliver.ts';
import { endingOf } from './judge.ts';
import { type MailParts, prepare } from './prepare.ts';
import { recordTrouble } from './record-trouble.ts';

/** Writes down how it went; nothing where mail is not set up. Never rejects: health says what is broken. */
export async function probe(parts: MailParts): Promise<void> {
  try {
    const prepared = await prepare(parts);
    if (prepared.kind === 'off') return;
    const { version } = prepared.mail;
    if (prepared.kind === 'failed') {
      const { failure, said } = prepared;
      return await recordTrouble(parts, version, { code: failure, text: said }, true);
    }
    const request = { kind: 'probe', account: prepared.account } as const;
    const answer = await parts.mail.role.handle(request).catch(() => null);
    const ending = endingOf(readJourney(answer), standingOf(parts), prepared.secrets);
    if (ending?.code === 'sign-in-refused') parts.mail.forget();
    await recordTrouble(parts, version, ending, true);
  } catch {
    // A store that is away has its own warning.
  }
}
