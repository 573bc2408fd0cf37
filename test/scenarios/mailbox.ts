// Owns the mailbox of the scenarios: an SMTP server on loopback that keeps what it takes, and the code in a letter.

import assert from 'node:assert/strict';
import { EventEmitter, on } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';
import type { Bench } from './bench.ts';
import type { Reply } from './client.ts';

export interface Mail {
  readonly to: readonly string[];
  readonly headers: string;
  /** The plain text of it. */
  readonly text: string;
}

export class Mailbox {
  readonly #came = new EventEmitter();
  readonly #mails: Mail[] = [];
  #server: SMTPServer | undefined;
  #port = 0;
  #read = 0;

  /** A mail server that takes everything, cleared away with the test. */
  static async open(t: TestContext): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await mailbox.start();
    t.after(() => mailbox.stop());
    return mailbox;
  }

  /** Listens; after a stop on the same port again. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        stream.toArray().then((chunks: Buffer[]) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.#mails.push({ to, ...read(Buffer.concat(chunks).toString('utf8')) });
          done();
          this.#came.emit('mail');
        }, done);
      },
    });
    server.on('error', () => {});
    this.#server = server;
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(this.#port, '127.0.0.1', resolve);
    await promise;
    this.#port = (server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** Root sets a user's Security Email to an address here, and the code in the letter confirms it. */
  async belongsTo(bench: Bench, user: string, address: string): Promise<void> {
    const set = await bench.cli(['user', 'security-email', user, address, '--json']);
    assert.equal(set.code, 0, set.out + set.err);
    const code = await this.code();
    const confirmed = await bench.cli(['user', 'security-email', user, '--confirm', code, '--json']);
    assert.equal(confirmed.code, 0, confirmed.out + confirmed.err);
    assert.match((await this.next()).text, /Security Email/);
  }

  /** How many letters came. */
  get count(): number {
    return this.#mails.length;
  }

  /** All that came, oldest first. */
  get all(): readonly Mail[] {
    return this.#mails;
  }

  /** The oldest letter that was not read yet; waits for it up to 10 s. */
  async next(): Promise<Mail> {
    const signal = AbortSignal.timeout(10_000);
    if (this.#read >= this.#mails.length) {
      for await (const _ of on(this.#came, 'mail', { signal })) if (this.#read < this.#mails.length) break;
    }
    return this.#mails[this.#read++] ?? assert.fail('no letter');
  }

  /** The code in the next letter. */
  async code(): Promise<string> {
    return codeIn(await this.next());
  }

  /** Sets up mail on a board, so that it sends its letters here. */
  async serves(bench: Bench): Promise<void> {
    const reply = await this.setUp(bench);
    assert.equal(reply.status, 200, reply.text);
  }

  /** The same; what the board says to it. */
  async setUp(bench: Bench): Promise<Reply> {
    const setting = { provider: 'smtp', from: 'nas@example.com', host: '127.0.0.1', port: this.#port };
    return bench.asRoot(
      'PUT /v1/mail',
      { ...setting, security: 'plain', user: null },
      { 'If-Match': `"${await versionOf(bench)}"` },
    );
  }
}

async function versionOf(bench: Bench): Promise<number> {
  const { body } = await bench.asRoot('GET /v1/mail');
  return (body as unknown as { version: number }).version;
}

/** The one mailed code in a letter. */
export function codeIn({ text }: Mail): string {
  const codes = text.match(/\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g) ?? [];
  assert.equal(new Set(codes).size, 1, text);
  return codes[0] ?? '';
}

/** Headers, and the decoded text/plain part, of a message as RFC 5322 and RFC 2045 write it. */
function read(message: string): Pick<Mail, 'headers' | 'text'> {
  const [headers = ''] = message.split('\r\n\r\n', 1);
  const part = message.split(/\r\n--[^\r\n]+/).find((one) => /^\s*content-type: text\/plain/im.test(one));
  const [partHeaders = '', ...body] = (part ?? message).trimStart().split('\r\n\r\n');
  return { headers, text: decoded(partHeaders, body.join('\r\n\r\n')) };
}

function decoded(headers: string, body: string): string {
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(headers)?.[1]?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
