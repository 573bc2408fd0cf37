// Owns writing down what became of a letter, and what that says of the mail server.

import type { WaitingLetter } from '../store/letters.ts';
import type { Journey } from '../wire/mail.ts';
import type { Ending } from './judge.ts';
import type { MailParts } from './prepare.ts';

export type Settled = 'sent' | 'failed' | 'again';

export interface Try {
  readonly letter: WaitingLetter;
  readonly outcome: Journey['outcome'];
  readonly ending: Ending | null;
  /** Of the setting that it was sent with. */
  readonly version: number;
}

/**
 * A letter that nobody knows about is tried once more, with the same Message-ID; should nobody know again, it is over.
 * @throws Fault `store-unavailable`
 */
export async function settle({ state, clock }: MailParts, { letter, ...how }: Try): Promise<Settled> {
  const { id, unsure } = letter;
  const settled = settledAs(how.outcome, unsure);
  await state.write((t) => {
    if (settled !== 'again') t.letters.end(id, settled);
    else if (how.outcome === 'unsure') t.letters.putBackUnsure(id);
    else t.letters.putBack(id);
    // What is wrong with one recipient says nothing of the server.
    const trouble = how.ending?.code === 'recipient-refused' ? null : how.ending;
    t.mail.tried(how.version, { at: clock.now(), trouble });
  }, 'now');
  return settled;
}

function settledAs(outcome: Journey['outcome'], unsure: boolean): Settled {
  if (outcome === 'done') return 'sent';
  return outcome === 'refused' || (outcome === 'unsure' && unsure) ? 'failed' : 'again';
}
