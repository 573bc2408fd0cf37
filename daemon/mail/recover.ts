// Owns what a start makes of letters that were being sent when the daemon last stopped.

import type { MailParts } from './prepare.ts';

/**
 * Nobody knows whether the server took them: each is sent once more, with the same Message-ID, so that a mailbox that
 * has it already can tell. Commits only where there are any. @throws Fault `store-unavailable`
 */
export async function recover({ state }: MailParts): Promise<void> {
  const interrupted = state.read((t) => t.letters.interrupted());
  if (interrupted.length === 0) return;
  await state.write((t) => {
    for (const id of interrupted) t.letters.putBackUnsure(id);
  }, 'now');
}
