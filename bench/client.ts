// Owns a client of login.sock that costs little: the daemon is measured, not the client.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { codeNow, type Seeded } from './board.ts';

/** One kept-alive connection, one request at a time. */
export class Client {
  readonly #socket: Socket;
  #resolve: (reply: { status: number; body: string }) => void = () => {};
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => this.#take(part));
  }

  static async open(path: string): Promise<Client> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Client(socket);
  }

  get(path: string): Promise<{ status: number; body: string }> {
    return this.#send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  }

  post(path: string, document: unknown): Promise<{ status: number; body: string }> {
    const body = JSON.stringify(document);
    const length = Buffer.byteLength(body);
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
    return this.#send(head + body);
  }

  #send(text: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(part: string): void {
    this.#text += part;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/^content-length: ([0-9]+)/im.exec(this.#text)?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    const status = Number(this.#text.slice(9, 12));
    const body = this.#text.slice(end + 4, end + 4 + length);
    this.#text = '';
    this.#resolve({ status, body });
  }
}

export interface Timing {
  /** Milliseconds. */
  readonly begin: number;
  readonly answer: number;
}

/** One complete login. @throws when the user was not let in. */
export async function logIn(client: Client, user: Seeded): Promise<Timing> {
  const t0 = performance.now();
  const begun = await client.post('/v1/login/begin', { user: user.name, service: 'bench' });
  const t1 = performance.now();
  const { login } = JSON.parse(begun.body) as { login: string };
  const code = codeNow(user);
  const t2 = performance.now();
  const body = { login, user: user.name, method: 'totp', code };
  const answered = await client.post('/v1/login/answer', body);
  const t3 = performance.now();
  if (answered.status !== 200) throw new Error(`not let in: ${answered.status} ${answered.body}`);
  return { begin: t1 - t0, answer: t3 - t2 };
}

/** All users once, `clients` at a time. Resolves to the seconds it took and each login's timing. */
export async function logInAll(path: string, users: readonly Seeded[], clients: number) {
  const connections = await Promise.all(Array.from({ length: clients }, () => Client.open(path)));
  const waiting = [...users];
  const timings: Timing[] = [];
  const began = performance.now();
  await Promise.all(
    connections.map(async (client) => {
      for (let user = waiting.pop(); user; user = waiting.pop()) timings.push(await logIn(client, user));
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const client of connections) client.close();
  return { seconds, timings };
}
