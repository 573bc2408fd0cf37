// Owns where a passphrase comes from: a file, or somebody who types it without its being shown.

import { readFileSync } from 'node:fs';
import { Fault } from '../kernel/fault.ts';
import type { Flag, Session } from './command.ts';

export const PASSPHRASE_FLAG: Readonly<Record<string, Flag>> = {
  'passphrase-file': { value: 'FILE', help: 'Read the passphrase from the first line of this file' },
};

/** @param again ask twice, for a passphrase that is new @throws Fault `usage`, `cancelled` */
export async function passphraseOf(session: Session, again: boolean): Promise<string> {
  const file = session.value('passphrase-file');
  if (file !== undefined) return fromFile(file);
  const first = await session.ask('Passphrase: ', true);
  const second = again ? await session.ask('The same again: ', true) : first;
  if (first === undefined || second === undefined) throw unanswered();
  if (first !== second) {
    throw new Fault('cancelled', 'The two passphrases differ. Nothing was written.', 'Try again.');
  }
  return first;
}

function fromFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Fault('usage', `The passphrase file cannot be read (${code}).`, 'Check its path.', cause);
  }
}

function unanswered(): Fault {
  return new Fault(
    'cancelled',
    'No passphrase was given. Nothing was done.',
    'Type one, or name a file that holds it: --passphrase-file FILE.',
  );
}
