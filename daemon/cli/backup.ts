// Owns `fygo-2fa backup`: the running daemon's state in one file.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { closeBackup, LEAST_PASSPHRASE } from '../backup/file.ts';
import { Fault } from '../kernel/fault.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import type { Command } from './command.ts';
import { PASSPHRASE_FLAG, passphraseOf } from './passphrase.ts';

export const backup: Command = {
  words: ['backup'],
  takesName: 'file',
  flags: {
    ...PASSPHRASE_FLAG,
    'without-secrets': { help: 'Policy and settings only: no users, no seeds, no passphrase' },
  },
  summary: 'The state in one file, for a restore here or on another NAS',
  details: [
    'With a passphrase the file holds everything: users, seeds, recovery codes (as hashes), policy and settings. Whoever has file and passphrase can make every code, so keep them apart. Without a passphrase there are no secrets in it.',
    'The daemon goes on meanwhile. The audit log and logins under way are not part of it.',
  ],
  async run(session) {
    const { admin, say, json, name, given, io } = session;
    const secrets = !given('without-secrets');
    const passphrase = secrets ? await passphraseOf(session, true) : null;
    if (passphrase !== null && passphrase.length < LEAST_PASSPHRASE) throw tooShort();
    const { body } = await admin.call('backup', { body: { secrets } });
    const lock =
      passphrase === null ? ({ kind: 'open' } as const) : ({ kind: 'passphrase', passphrase } as const);
    const takenAt = toRfc3339(io.now());
    const file = closeBackup(body, { takenAt, program: io.version }, lock, io.random);
    write(name, file);
    const users = body.tables.user?.length ?? 0;
    if (json) say.json({ file: name, takenAt, bytes: file.length, secrets, users });
    else {
      const what = secrets
        ? `${users} user${users === 1 ? '' : 's'} with their seeds, policy and settings`
        : 'policy and settings, no users';
      say.note('good', `Written to ${name}: ${what}.`);
    }
    return 0;
  },
};

/** Whole or not at all, and readable by its owner alone. */
function write(path: string, content: Buffer): void {
  const temporary = `${path}.new`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Fault(
      'usage',
      `The file cannot be written (${code}).`,
      'Name a file in a folder that exists and has room.',
      cause,
    );
  }
}

function tooShort(): Fault {
  return new Fault(
    'usage',
    `The passphrase has fewer than ${LEAST_PASSPHRASE} characters, and the file holds every user's seed. Nothing was written.`,
    'Take several words.',
  );
}
