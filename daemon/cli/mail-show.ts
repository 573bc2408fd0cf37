// Owns `fygo-2fa mail show`, and how the mail settings are told by the other mail commands.

import type { MailDocument } from '../wire/mail-setting.ts';
import type { Command } from './command.ts';
import { shown } from './moments.ts';
import type { Say } from './say.ts';

export const mailShow: Command = {
  words: ['mail', 'show'],
  takesName: false,
  flags: {},
  summary: 'How the system sends mail, and whether it works',
  details: ['Passwords go in and never come out.'],
  async run({ admin, say, json }) {
    const { body } = await admin.call('mail', {});
    if (json) say.json(body);
    else print(say, body);
    return 0;
  },
};

const PROVIDERS = {
  gmail: 'Gmail',
  outlook: 'Outlook.com',
  microsoft365: 'Microsoft 365',
  smtp: 'a mail server of your own',
} as const;

const SECURITIES = { tls: 'TLS', starttls: 'STARTTLS', plain: 'NOT ENCRYPTED' } as const;

/** The mail settings as a person reads them. */
export function print(say: Say, mail: MailDocument): void {
  const { provider, security, lastError, lastProbe } = mail;
  if (provider === null || security === null) {
    say.note(
      'plain',
      'No mail server is set up, so no codes and no notices are sent.',
      'fygo-2fa mail set --help',
    );
    return;
  }
  if (!mail.authorised)
    say.note('warn', 'Nobody has authorised the system at the provider yet.', 'fygo-2fa mail authorise');
  else if (lastError !== null) say.note('bad', lastError.text, lastError.hint);
  else if (mail.working) say.note('good', 'The mail server took the last sign-in or letter.');
  else say.note('plain', 'The mail server was not tried yet.', 'fygo-2fa mail test ADDRESS');
  say.line();
  say.pairs([
    ['Provider', PROVIDERS[provider]],
    ['Sender', mail.from ?? ''],
    ['Server', `${mail.host}:${mail.port}, ${SECURITIES[security]}`],
    ['User', signIn(mail)],
    ...(mail.caFile === null ? [] : [['Trusted by', mail.caFile] as const]),
    ['Last tried', lastProbe === null ? 'never' : shown(lastProbe)],
    ['Waiting letters', String(mail.queued)],
  ]);
}

function signIn({ user, hasPassword, authorised }: MailDocument): string {
  if (user === null) return 'nobody signs in';
  return `${user}, ${hasPassword ? 'with a password' : authorised ? 'authorised' : 'without a password'}`;
}
