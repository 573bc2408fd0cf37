// Owns mail servers on loopback that behave, or misbehave, as real ones do.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A letter as it arrived. */
export interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly letters: Arrived[];
  /** Resolves when that many letters have arrived. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A real server from a package; `changed` makes it what a test needs. */
export async function mailServer(
  t: TestContext,
  changed: SMTPServerOptions = {},
  port = 0,
): Promise<MailServer> {
  const letters: Arrived[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) =>
      username === 'nas@example.com' && password === 'right password'
        ? done(null, { user: username })
        : done(Object.assign(new Error('5.7.8 Error: authentication failed'), { responseCode: 535 })),
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        letters.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString(),
        });
        done();
        for (const tell of waiting) tell();
      });
    },
    ...changed,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  t.after(close);
  return {
    port: (server.server.address() as AddressInfo).port,
    letters,
    arrived: (count) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const tell = () => letters.length >= count && resolve();
      waiting.add(tell);
      tell();
      return promise;
    },
    close,
  };
}

/** A server written by hand: `talk` is given each connection and the lines that come in. */
export async function rawServer(
  t: TestContext,
  talk: (say: (text: string) => void, line: string | null, socket: Socket) => void,
): Promise<number> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    const say = (text: string) => socket.write(text);
    let rest = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) talk(say, line, socket);
    });
    talk(say, null, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
