// Owns what a failure of mail is called for an administrator: what happened, in the provider's words too, and what to do.

import type { MailTrouble } from '../wire/mail-setting.ts';
import type { Provider } from './setting.ts';

export type { MailTrouble } from '../wire/mail-setting.ts';

export interface Explained {
  readonly text: string;
  readonly hint: string;
}

interface Where {
  readonly provider: Provider;
  readonly host: string;
  readonly port: number;
}

/** @param said the server's own words; may be empty */
export function explain(trouble: MailTrouble, said: string, where: Where): Explained {
  const server = `${where.host}:${where.port}`;
  const [text, hint] = WORDS[trouble](server, where.provider);
  return { text: said === '' ? text : `${text} It says: ${said}`, hint };
}

const APP_PASSWORD =
  'Gmail takes no account password here: switch Google’s 2-Step Verification on, make an app password (myaccount.google.com/apppasswords) and enter its 16 characters.';
const AUTHORISE = 'Authorise the system again: Email service in the settings, or "fygo-2fa mail authorise".';

const WORDS: Readonly<
  Record<MailTrouble, (server: string, provider: Provider) => readonly [string, string]>
> = {
  'no-address': (server) => [
    `The name of ${server} could not be found.`,
    'Check the spelling of the server’s name, and that the NAS has a DNS server and reaches the internet.',
  ],
  unreachable: (server) => [
    `Nothing took the connection to ${server}.`,
    'Check the port (465 for TLS, 587 for STARTTLS), and that no firewall or internet provider blocks it.',
  ],
  timeout: (server) => [
    `${server} did not answer in time.`,
    'Check the port (465 for TLS, 587 for STARTTLS), and that no firewall or internet provider blocks it. A wrong kind of security has the same effect.',
  ],
  'not-smtp': (server) => [
    `What answers at ${server} is not a mail server, or wants TLS from the start.`,
    'Check the port. At 465 choose TLS, at 587 STARTTLS.',
  ],
  'no-starttls': (server) => [
    `${server} offers no STARTTLS, so nothing was sent: a password or a code would have been readable on the way.`,
    'Choose TLS (usually port 465), or have STARTTLS switched on at the server. Within a network that you trust you can choose "plain".',
  ],
  'certificate-date': (server) => [
    `The certificate of ${server} has expired, or is not valid yet.`,
    'Have the certificate renewed at the server; the time of this NAS is right.',
  ],
  'mail-needs-clock': (server) => [
    `The certificate of ${server} cannot be judged, because the clock of this NAS is not known to be right.`,
    'Set the time first: fygo-2fa clock show, fygo-2fa clock set. Mail goes out as soon as it is right.',
  ],
  'certificate-untrusted': (server) => [
    `The certificate of ${server} was not issued by anybody this NAS trusts.`,
    'For a private server give the file with its authority’s certificate (--ca-file). With a public one somebody may be listening in: do not go on.',
  ],
  'certificate-name': (server) => [
    `The certificate of ${server} is for another name.`,
    'Enter the server under the name that its certificate has.',
  ],
  'tls-failed': (server) => [
    `No encrypted connection to ${server} came about.`,
    'Check the port and the kind of security (465 TLS, 587 STARTTLS). A server that knows nothing newer than TLS 1.1 is not spoken with.',
  ],
  'sign-in-refused': (server, provider) => [
    `${server} refused the sign-in.`,
    provider === 'gmail'
      ? APP_PASSWORD
      : 'Check user and password; many providers want an app password here.',
  ],
  'passwords-refused': (server) => [
    `${server} takes no passwords any more for this mailbox; another password would not help.`,
    'Choose Outlook.com or Microsoft 365 and authorise the system. In Microsoft 365 the administrator has to allow "Authenticated SMTP" for this mailbox.',
  ],
  'sign-in-not-offered': (server) => [
    `${server} offers no way to sign in on this connection.`,
    'Choose TLS or STARTTLS: most servers take no password without it. Where nobody has to sign in, leave the user empty.',
  ],
  'authorisation-ended': () => [
    'The provider has ended the authorisation, or it was never given.',
    AUTHORISE,
  ],
  'not-authorised': () => ['Nobody has authorised the system at the provider yet.', AUTHORISE],
  'authorisation-unreachable': () => [
    'The provider’s sign-in service did not give a usable answer.',
    'Check that the NAS reaches the internet, then try again.',
  ],
  'sender-refused': (server) => [
    `${server} does not let this user send from the address that is set.`,
    'Set the sender to the address of the mailbox that signs in.',
  ],
  'recipient-refused': (server) => [
    `${server} does not take mail for this recipient.`,
    'Check the spelling of the address. Some servers deliver to their own users only until somebody signs in.',
  ],
  rejected: (server) => [
    `${server} refused the letter itself.`,
    'Its words say why: a limit on letters a day, or a filter. Ask the provider.',
  ],
  later: (server) => [
    `${server} takes the letter later; it is tried again by itself.`,
    'Nothing has to be done. If it stays, its words say why: greylisting, or a limit that was reached.',
  ],
  dropped: (server) => [
    `The connection to ${server} broke off.`,
    'It is tried again by itself. If it stays, look at the network and at the server’s log.',
  ],
  'helper-failed': () => [
    'The part of the daemon that sends mail did not give a usable answer.',
    'Look into the log of fygo-2fa.',
  ],
};
