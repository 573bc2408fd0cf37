// Owns how the scenarios speak to a socket: HTTP over a unix socket, and what is expected of a reply.

import assert from 'node:assert/strict';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** Whatever a reply may hold; the scenarios say what has to be in it. */
export interface Document {
  readonly outcome?: string;
  readonly because?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly login?: string;
  readonly user?: string;
  readonly methods?: readonly string[];
  readonly form?: string;
  readonly retryAfter?: number;
  readonly explanation?: { readonly code: string; readonly seconds?: number; readonly text: string };
  readonly deviceToken?: string;
  readonly notice?: string;
  readonly enrolBy?: string;
  readonly recoveryCodes?: readonly string[];
  readonly proof?: string;
  readonly secret?: string;
  readonly uri?: string;
  readonly qrSvg?: string;
  readonly pass?: string;
  readonly expires?: string;
  readonly state?: string;
  readonly failures?: { readonly strangers: number; readonly knownDevices: number };
  readonly warnings?: readonly { readonly code: string; readonly text: string }[];
  readonly rows?: readonly { readonly outcome: string; readonly because: string | null }[];
  readonly scope?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Document;
}

export interface Call {
  readonly socket: string;
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A kept connection; without one every call connects anew. */
  readonly agent?: Agent;
}

/** One call. Rejects when the connection ends without a whole reply, as it does when the daemon is killed. */
export function call({ socket, method = 'POST', path, body, headers, agent }: Call): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const sent = request(
    {
      socketPath: socket,
      method,
      path,
      agent: agent ?? new Agent({ keepAlive: false }),
      headers: {
        ...(content === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }),
        ...headers,
      },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        const document = isJson ? (JSON.parse(text) as Document) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: document });
      });
    },
  );
  sent.on('error', reject);
  sent.end(content);
  return promise;
}

/** The reply has this status and at least this in it. */
export function says(reply: Reply, status: number, part: Readonly<Record<string, unknown>> = {}): void {
  assert.partialDeepStrictEqual({ ...reply.body, status: reply.status }, { ...part, status });
}

/** `because` of a refusal or denial, `code` of a problem, otherwise the outcome: what a table can compare. */
export function wordOf({ body }: Reply): string {
  return body.because ?? body.code ?? body.outcome ?? '';
}
