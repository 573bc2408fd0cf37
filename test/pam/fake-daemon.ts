// Owns a stand-in for the daemon on login.sock: canned answers, and every way of not answering.

import { createServer, type Server, type Socket } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/**
 * A document with its status, perhaps late, bytes sent as they are, or silence. After a document the connection stays, unless it
 * says that it closes.
 */
export type Canned =
  | { readonly status: number; readonly body?: unknown; readonly closing?: true; readonly afterMs?: number }
  | { readonly bytes: string | Buffer; readonly keepOpen?: boolean }
  | 'hang'
  | 'close';

export type Script = Readonly<Record<string, Canned | readonly Canned[] | ((asked: Asked) => Canned)>>;

export interface FakeDaemon {
  readonly path: string;
  readonly asked: Asked[];
  /** How many connections there were. */
  readonly connections: () => number;
  /** Says something on every open connection, asked or not. Resolves when it is there. */
  say(bytes: string): Promise<void>;
  /** Hangs up on everybody without a word. Resolves when it is done. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

export const LOGIN = 'A'.repeat(43);

/** A challenge as `begin` answers it. */
export function challenge(more: Record<string, unknown> = {}): Canned {
  const body = {
    outcome: 'challenge',
    login: LOGIN,
    methods: ['totp', 'recovery-code'],
    form: 'single',
    securityEmail: null,
    retryAfter: 0,
    expires: '2026-11-24T08:15:00.000Z',
  };
  return { status: 401, body: { ...body, ...more } };
}

/** The 200 that an accepted code earns. */
export function accepted(more: Record<string, unknown> = {}): Canned {
  const body = {
    outcome: 'accepted',
    user: 'alice',
    deviceToken: 'token',
    deviceExpires: '2026-12-24T08:00:00.000Z',
  };
  return { status: 200, body: { ...body, ...more } };
}

export function refused(because: string, more: Record<string, unknown> = {}): Canned {
  return { status: 403, body: { outcome: 'refused', because, form: 'single', retryAfter: 0, ...more } };
}

export function problem(status: number, code: string): Canned {
  const detail = `What ${code} means.`;
  return {
    status,
    body: { type: `urn:problem:${code}`, title: code, status, code, detail, hint: 'Do this next.' },
  };
}

/** One response as bytes, framed as the daemon frames it. */
export function framed(status: number, body: string, connection = 'keep-alive'): string {
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: ${connection}\r\n\r\n${body}`;
}

/** Listens at `path`. An array is used up item by item, its last one for ever. */
export async function fakeDaemon(path: string, script: Script): Promise<FakeDaemon> {
  const asked: Asked[] = [];
  const used = new Map<string, number>();
  const open = new Set<Socket>();
  const pick = (one: Asked): Canned => {
    const planned = script[one.path];
    if (planned === undefined) return problem(404, 'not-found');
    if (typeof planned === 'function') return planned(one);
    if (!Array.isArray(planned)) return planned as Canned;
    const index = used.get(one.path) ?? 0;
    used.set(one.path, index + 1);
    return planned[Math.min(index, planned.length - 1)] as Canned;
  };
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, (one) => {
      asked.push(one);
      return pick(one);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const say = async (bytes: string) => {
    for (const socket of open) await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  };
  const drop = async () => {
    for (const socket of open) {
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.destroy();
      await closed;
    }
  };
  return { path, asked, connections: () => connections, say, drop, close: () => closeAll(server, open) };
}

function serve(socket: Socket, answer: (asked: Asked) => Canned): void {
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    received += chunk;
    const [head, body] = received.split('\r\n\r\n', 2);
    const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1]);
    if (body === undefined || Buffer.byteLength(body) < length) return;
    const path = (head ?? '').split(' ')[1] ?? '';
    received = '';
    send(socket, answer({ path, body: JSON.parse(body) as Record<string, unknown> }));
  });
}

function send(socket: Socket, canned: Canned): void {
  if (canned === 'hang') return;
  if (canned === 'close') {
    socket.destroy();
  } else if ('bytes' in canned) {
    if (canned.keepOpen) socket.write(canned.bytes);
    else socket.end(canned.bytes);
  } else {
    const { status, body, closing, afterMs } = canned;
    const text = framed(
      status,
      body === undefined ? '' : JSON.stringify(body),
      closing ? 'close' : 'keep-alive',
    );
    const say = () => (closing ? socket.end(text) : socket.write(text));
    if (afterMs === undefined) say();
    else setTimeout(say, afterMs);
  }
}

function closeAll(server: Server, open: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}
