// Owns `fygo-2fa mail set`: how the system sends mail from now on.

import { Fault } from '../kernel/fault.ts';
import { MAIL_PROVIDERS, MAIL_SECURITIES, type MailWanted } from '../wire/mail-setting.ts';
import type { Command, Session } from './command.ts';
import { print } from './mail-show.ts';

const NONE = 'none';

export const mailSet: Command = {
  words: ['mail', 'set'],
  takesName: false,
  flags: {
    provider: {
      value: [...MAIL_PROVIDERS, NONE].join('|'),
      required: true,
      help: 'Who sends the mail; none switches it off and forgets the credentials',
    },
    from: { value: 'ADDRESS', help: 'The address that letters come from' },
    host: { value: 'NAME', help: 'With smtp: the mail server' },
    port: { value: 'NUMBER', help: 'If it is not the usual one (TLS 465, STARTTLS 587, plain 25)' },
    security: {
      value: MAIL_SECURITIES.join('|'),
      help: 'As the provider has it; with smtp STARTTLS, which must then be there',
    },
    user: { value: 'NAME', help: 'Who signs in; with a known provider the sender, with smtp nobody' },
    password: { help: 'Ask for the password (or read it as a line from standard input)' },
    'no-password': { help: 'Forget the password' },
    'ca-file': { value: 'FILE', help: 'The certificate of a private server’s authority, in PEM' },
  },
  summary: 'Set up or change how the system sends mail',
  details: [
    'Gmail wants an app password (16 characters), not the one of the account. Outlook.com and Microsoft 365 are authorised afterwards: fygo-2fa mail authorise.',
    'A password that was given stays while server and user stay as they are. The server is tried at once; a whole letter is tried by fygo-2fa mail test ADDRESS.',
  ],
  async run(session) {
    const { admin, say, json, value } = session;
    const off = value('provider') === NONE;
    const wanted = off ? null : await wantedOf(session);
    const { etag } = await admin.call('mail', {});
    const match = etag === undefined ? {} : { ifMatch: etag };
    const { body } =
      wanted === null
        ? await admin.call('removeMail', match)
        : await admin.call('setMail', { body: wanted, ...match });
    if (json) say.json(body);
    else if (off) say.note('good', 'No mail is sent any more, and the credentials are forgotten.');
    else print(say, body);
    return 0;
  },
};

async function wantedOf({ value, given, ask }: Session): Promise<MailWanted> {
  const provider = one(MAIL_PROVIDERS, value('provider'), 'provider');
  const from = value('from');
  if (from === undefined)
    throw new Fault('usage', '"mail set" needs --from ADDRESS.', 'Give the address of the mailbox.');
  const host = value('host');
  const port = value('port');
  const security = value('security');
  const user = value('user');
  const caFile = value('ca-file');
  if (given('password') && given('no-password'))
    throw new Fault('usage', '--password and --no-password do not go together.', 'Use one of them.');
  return {
    provider,
    from,
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: portOf(port) }),
    ...(security !== undefined && { security: one(MAIL_SECURITIES, security, 'security') }),
    ...(user !== undefined && { user }),
    ...(caFile !== undefined && { caFile }),
    ...(given('no-password') && { password: null }),
    ...(given('password') && { password: await passwordFrom(ask) }),
  };
}

async function passwordFrom(ask: Session['ask']): Promise<string> {
  const typed = await ask('Password: ', true);
  if (typed !== undefined && typed !== '') return typed;
  throw new Fault('cancelled', 'No password was typed. Nothing was changed.', 'Begin again.');
}

function portOf(typed: string): number {
  const port = /^[0-9]{1,5}$/.test(typed) ? Number(typed) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Fault('usage', `"${typed}" is not a port.`, 'Use a number from 1 to 65535.');
}

function one<T extends string>(of: readonly T[], typed: string | undefined, flag: string): T {
  const found = of.find((word) => word === typed);
  if (found !== undefined) return found;
  throw new Fault('usage', `"${typed}" is not known to --${flag}.`, `Use one of ${of.join(', ')}.`);
}
