// Owns the preview's mailbox: a mail server on loopback that keeps what it is sent and shows it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { html, page } from './html.ts';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** At most this many are kept. */
const MOST = 200;

export class Mailbox {
  readonly letters: Letter[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      disableReverseLookup: true,
      onAuth: (_auth, _session, done) => done(null, { user: 'preview' }),
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.once('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
          void PostalMime.parse(Buffer.concat(parts)).then(({ subject = '', text = '' }) => {
            this.#keep({ to, subject, text });
            done();
          }, done);
        });
      },
    });
    // A client that goes away is no concern of a mailbox.
    this.#server.on('error', () => {});
  }

  /** Listens on a free port of loopback, or on `port`. */
  static async open(port = 0): Promise<Mailbox> {
    const mailbox = new Mailbox();
    const server = mailbox.#server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return mailbox;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** The first letter that is there or comes whose text or subject fits. */
  async letter(fits: (letter: Letter) => boolean): Promise<Letter> {
    for (;;) {
      const found = this.letters.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #keep(letter: Letter): void {
    this.letters.unshift(letter);
    this.letters.length = Math.min(this.letters.length, MOST);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

export function mailboxPage(mailbox: Mailbox): string {
  const letters = mailbox.letters.map(
    ({
      to,
      subject,
      text,
    }) => html`<li class="stack tight"><h2>${subject}</h2><p class="soft small">To ${to}</p>
<pre style="white-space:pre-wrap;margin:0">${text}</pre></li>`,
  );
  return page(
    'Mailbox',
    html`<h1>Mailbox</h1><p class="soft">Every mail that is sent through 127.0.0.1, port ${mailbox.port}, without encryption
and without a password, arrives here and nowhere else.</p>
${letters.length === 0 ? html`<p>No mail yet.</p>` : html`<ul class="list">${letters}</ul>`}
<form method="get"><button class="button">Look again</button></form>`,
  );
}
