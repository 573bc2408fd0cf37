// Owns one question to a socket of this machine: an answer in time and of bounded size, or an error.

import { type IncomingMessage, request } from 'node:http';
import type { Millis } from '../kernel/instant.ts';
import type { Operation } from '../wire/contract.ts';

/** More than any helper has to say. */
const MOST_BYTES = 256 * 1024;

export interface Question {
  readonly socketPath: string;
  readonly operation: Pick<Operation, 'method' | 'path'>;
  readonly body?: unknown;
  /** How long the answer may take as a whole. */
  readonly patience: Millis;
}

export interface Answered {
  readonly status: number;
  /** `undefined` where there was none, or none that is JSON. */
  readonly document: unknown;
}

/**
 * Asks over a connection of its own. What comes back is whatever the other side chose to say.
 * @throws Error where it cannot be reached, is late, or says too much.
 */
export async function ask({ socketPath, operation, body, patience }: Question): Promise<Answered> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const signal = AbortSignal.timeout(patience);
  request({
    socketPath,
    method: operation.method,
    path: operation.path,
    agent: false,
    signal,
    headers: {
      host: 'localhost',
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    },
  })
    .on('response', resolve)
    .on('error', reject)
    .end(text);
  const response = await promise;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, document: parsed(Buffer.concat(chunks).toString('utf8')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The document of a helper's answer 200. @throws Error for any other, and as `ask` does. */
export async function askHelper(question: Question): Promise<unknown> {
  const { status, document } = await ask(question);
  if (status === 200) return document;
  throw new Error(`the helper answered ${status}`);
}
