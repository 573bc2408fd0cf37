// Owns what the socket tests share: a socket served in a folder of its own, and ways to speak to it.

import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { createApp, type SocketApp } from '../../daemon/sockets/app.ts';
import type { Handlers } from '../../daemon/sockets/handler.ts';
import type { Limits } from '../../daemon/sockets/limits.ts';
import { type Listening, listen } from '../../daemon/sockets/listen.ts';
import { type PeerRule, peerRule } from '../../daemon/sockets/peers.ts';
import type { DropLine, FailureLine, LogLine, RequestLine } from '../../daemon/sockets/request-log.ts';
import type { Contract } from '../../daemon/wire/contract.ts';

/** A folder that goes with the test. */
export async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fygo-'));
  await chmod(path, 0o755);
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The lines of the log, by kind, and a promise of the next one that fits. */
export class Log {
  readonly lines: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  readonly sink = (line: LogLine): void => {
    this.lines.push(line);
    for (const look of this.#waiting) look();
  };

  requests(): RequestLine[] {
    return this.lines.filter((line) => line.kind === 'request');
  }

  drops(): DropLine[] {
    return this.lines.filter((line) => line.kind === 'drop');
  }

  failures(): FailureLine[] {
    return this.lines.filter((line) => line.kind === 'failure');
  }

  async until(enough: (log: Log) => boolean): Promise<void> {
    if (enough(this)) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!enough(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }
}

export interface Bench {
  readonly path: string;
  readonly log: Log;
  readonly listening: Listening;
}

export interface Serving {
  readonly limits?: Partial<Limits>;
  readonly admits?: PeerRule;
  readonly mode?: number;
}

/** Serves an application that `make` builds, on login.sock in a folder of its own. */
export async function serveApp(
  t: TestContext,
  make: (log: Log, admits: PeerRule) => SocketApp,
  serving: Serving = {},
): Promise<Bench> {
  const path = join(await folder(t), 'login.sock');
  const log = new Log();
  const app = make(log, serving.admits ?? peerRule({ uids: [process.getuid?.() ?? 0], gids: [] }));
  const listening = await listen({
    name: 'login.sock',
    app,
    where: { path, mode: serving.mode ?? 0o666 },
    log: log.sink,
    ...(serving.limits && { limits: serving.limits }),
  });
  let closed = false;
  t.after(async () => {
    if (!closed) await listening.close(0);
  });
  const close = async (drainMs: number) => {
    closed = true;
    await listening.close(drainMs);
  };
  return { path, log, listening: { close } };
}

/** Serves a contract that is no door. */
export function serve<C extends Contract>(
  t: TestContext,
  contract: C,
  handlers: NoInfer<Handlers<C>>,
  serving: Serving = {},
): Promise<Bench> {
  return serveApp(
    t,
    (log, admits) => createApp({ name: 'login.sock', contract, handlers, admits, log: log.sink, elapsed }),
    serving,
  );
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** Asks once, on a connection of its own. */
export async function ask(socketPath: string, what: Ask): Promise<Answer> {
  const { method = what.body === undefined ? 'GET' : 'POST', path, body, headers } = what;
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const asking = request({ socketPath, method, path, agent: false, headers: { ...type, ...headers } });
  asking.end(body);
  const [response] = await once(asking, 'response');
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk;
  const json = text.startsWith('{') ? JSON.parse(text) : undefined;
  return { status: response.statusCode, headers: response.headers, text, json };
}

/** Sends JSON. */
export function post(socketPath: string, path: string, body: unknown): Promise<Answer> {
  return ask(socketPath, { path, body: JSON.stringify(body) });
}
