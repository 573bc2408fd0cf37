// Owns how the preview speaks to the daemon: calls on login.sock, and requests passed on to web.sock.

import { type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One call on a socket of the daemon. */
export function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, method, path, headers: { Host: 'nas', ...type, ...headers } },
      (reply) => {
        let read = '';
        reply.setEncoding('utf8').on('data', (part: string) => {
          read += part;
        });
        reply.once('error', reject);
        reply.once('end', () => {
          resolve({ status: reply.statusCode ?? 0, body: read === '' ? {} : JSON.parse(read) });
        });
      },
    );
    sent.once('error', reject);
    sent.end(text);
  });
}

const HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'proxy-authorization',
];

/**
 * Passes a request on, in the name of `user` and of nobody else, whatever the browser sent.
 * @param seen is shown the JSON of what came back: the preview's phone "scans" QR codes this way
 */
export function passOn(
  socketPath: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  user: string | null,
  seen: (path: string, text: string) => void,
): void {
  const { method, url: path = '/' } = incoming;
  const headers: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    if (
      values &&
      !HOP.includes(name) &&
      name !== 'remote-user' &&
      name !== 'x-real-ip' &&
      name !== 'cookie'
    ) {
      headers[name] = values.length === 1 ? (values[0] ?? '') : values;
    }
  }
  headers['x-real-ip'] = incoming.socket.remoteAddress ?? '127.0.0.1';
  // Node writes headers as Latin-1; names are UTF-8.
  if (user !== null) headers['remote-user'] = Buffer.from(user, 'utf8').toString('latin1');
  const sent = request({ socketPath, method, path, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    const parts: Buffer[] = [];
    reply.on('data', (part: Buffer) => {
      parts.push(part);
      outgoing.write(part);
    });
    reply.once('end', () => {
      outgoing.end();
      if (reply.headers['content-type']?.includes('json')) seen(path, Buffer.concat(parts).toString('utf8'));
    });
    reply.once('error', () => outgoing.destroy());
  });
  sent.once('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502, { 'Content-Type': 'text/plain' }).end('The daemon does not answer.\n');
  });
  incoming.pipe(sent);
}
