// Owns how the scenarios speak as the web gateway: a signed-in user on web.sock, with the headers a browser sends.

import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { call, type Reply, says } from './client.ts';
import type { Phone } from './phone.ts';

const ORIGIN = 'https://nas.local:5001';

/** What a browser and the gateway add to a request of the NAS's own page. */
export const OWN_PAGE = {
  Host: 'nas.local:5001',
  Origin: ORIGIN,
  'Sec-Fetch-Site': 'same-origin',
  'Content-Type': 'application/json',
} as const;

export class Browser {
  readonly #bench: Bench;
  readonly #user: string;
  stepUp: string | undefined;

  constructor(bench: Bench, user: string) {
    this.#bench = bench;
    this.#user = user;
  }

  /** Asks as this user, e.g. `asks('GET /api/v1/me')`. */
  asks(operation: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const [method = '', path = ''] = operation.split(' ');
    return call({
      socket: this.#bench.file('run', 'web.sock'),
      method,
      path,
      body,
      headers: {
        ...OWN_PAGE,
        'Remote-User': this.#user,
        ...(this.stepUp === undefined ? {} : { 'X-Step-Up': this.stepUp }),
        ...headers,
      },
    });
  }

  /** Shows a fresh second step and keeps its token for what follows. */
  async stepsUp(phone: Phone): Promise<void> {
    const code = phone.code(this.#bench.now);
    const reply = await this.asks('POST /api/v1/me/step-up', { method: 'totp', code });
    says(reply, 201);
    this.stepUp = (reply.body as { token?: string }).token ?? assert.fail('no token');
    this.#bench.pass(30);
  }
}
