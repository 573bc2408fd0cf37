// Owns a bare connection for the socket tests: what HTTP clients would never send.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A bare connection that remembers what it was sent. */
export class Wire {
  readonly socket: Socket;
  received = '';
  readonly closed: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(path: string) {
    this.socket = connect({ path, allowHalfOpen: true });
    this.socket.setEncoding('utf8');
    this.socket.on('data', (text) => {
      this.received += text;
      for (const look of this.#waiting) look();
    });
    this.socket.on('end', () => this.socket.destroy());
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => resolve());
    });
  }

  async connected(): Promise<this> {
    if (this.socket.connecting) await once(this.socket, 'connect');
    return this;
  }

  send(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Waits until `count` responses have begun to arrive. */
  async responses(count: number): Promise<string[]> {
    const found = () => this.received.match(/HTTP\/1\.1 \d+/g) ?? [];
    if (found().length < count) {
      await new Promise<void>((resolve) => {
        const look = () => {
          if (found().length < count) return;
          this.#waiting.delete(look);
          resolve();
        };
        this.#waiting.add(look);
      });
    }
    return found().map((line) => line.slice('HTTP/1.1 '.length));
  }
}

/** Opens a bare connection that ends with the test. */
export async function wire(t: TestContext, path: string): Promise<Wire> {
  const opened = new Wire(path);
  t.after(() => opened.socket.destroy());
  return opened.connected();
}
