// Owns writing down how the mail server was found, where no letter is concerned.

import type { Ending } from './judge.ts';
import type { MailParts } from './prepare.ts';

/** Commits only where it is news. @throws Fault `store-unavailable` */
export async function recordTrouble(
  { state, clock }: Pick<MailParts, 'state' | 'clock'>,
  version: number,
  trouble: Ending | null,
  always = false,
): Promise<void> {
  const before = state.read((t) => t.mail.current()).experience;
  const same = before !== null && before.trouble?.code === trouble?.code;
  if (same && !always) return;
  await state.write((t) => t.mail.tried(version, { at: clock.now(), trouble }), 'now');
}
