// Owns `fygo-2fa restore`: a backup in place of the state of a stopped daemon.

import { readFileSync } from 'node:fs';
import { headerOf } from '../backup/file.ts';
import { Fault } from '../kernel/fault.ts';
import type { Command } from './command.ts';
import type { Restored } from './offline.ts';
import { PASSPHRASE_FLAG, passphraseOf } from './passphrase.ts';
import type { Say } from './say.ts';

/** No backup is larger; another file may be. */
const MOST = 512 * 1_048_576;

export const restore: Command = {
  words: ['restore'],
  takesName: 'file',
  flags: {
    ...PASSPHRASE_FLAG,
    'dry-run': { help: 'Check everything, change nothing, and say what would happen' },
  },
  summary: 'A backup in place of the state; the daemon must be stopped',
  details: [
    'Everything is checked before anything is changed, and then all of it changes or nothing. Codes that were used since the backup do not work again: everybody types two codes in a row once. On another board recovery codes end as well.',
    'Who enrolled after the backup was taken is locked out until root resets the account; nobody becomes "not enrolled" by it.',
  ],
  async run(session) {
    const { io, say, json, name, given, root } = session;
    const file = read(name);
    const passphrase = headerOf(file).lock === 'passphrase' ? await passphraseOf(session, false) : null;
    const dryRun = given('dry-run');
    const done = await io.offline.restore(root ?? null, file, passphrase, dryRun);
    if (json) say.json({ dryRun, ...done });
    else tell(say, done, dryRun);
    return 0;
  },
};

function tell(
  say: Say,
  { takenAt, secrets, sameBoard, users, codesEnded, lost }: Restored,
  dryRun: boolean,
): void {
  const did = dryRun ? 'This backup can be restored' : 'Restored';
  const what = secrets
    ? `${users.length} user${users.length === 1 ? '' : 's'}, policy and settings`
    : 'policy and settings; users stay as they are';
  say.note('good', `${did}: ${what}, as of ${takenAt}.${dryRun ? ' Nothing was changed.' : ''}`);
  if (secrets) say.note('plain', 'Each user types two codes in a row at the next login.');
  if (!sameBoard && secrets)
    say.note('warn', 'The backup is of another board: recovery codes and known browsers end.');
  if (codesEnded.length > 0)
    say.note(
      'warn',
      `Recovery codes end for: ${codesEnded.join(', ')}.`,
      'Make new ones: fygo-2fa user recovery-codes NAME.',
    );
  if (lost.length > 0)
    say.note(
      'warn',
      `Not in the backup as enrolled, and locked out: ${lost.join(', ')}.`,
      'When you are sure who it is: fygo-2fa user reset NAME --delete --reason "…".',
    );
}

function read(path: string): Buffer {
  try {
    const file = readFileSync(path);
    if (file.length <= MOST) return file;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Fault('usage', `The backup cannot be read (${code}).`, 'Check its path.', cause);
  }
  throw new Fault('backup-invalid', 'The file is too large for a backup.', 'Check its path.');
}
