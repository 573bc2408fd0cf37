// Owns the conversation with the daemon: one request on admin.sock, typed and checked by the contract.

import { type IncomingMessage, request } from 'node:http';
import * as v from 'valibot';
import { Fault, type FaultCode } from '../kernel/fault.ts';
import { type Millis, SECOND } from '../kernel/instant.ts';
import { type AdminContract, adminContract } from '../wire/admin.ts';
import type { BodyOf, Operation, ParamsOf, QueryOf, ReplyOf, Schema } from '../wire/contract.ts';
import { problem } from '../wire/problem.ts';

/** What an operation is asked with: its own params and body, where it has them. */
export type Input<O extends Operation> = (O extends { params: Schema } ? { params: ParamsOf<O> } : unknown) &
  (O extends { body: Schema } ? { body: BodyOf<O> } : unknown) &
  (O extends { query: Schema } ? { query?: QueryOf<O> } : unknown) & { ifMatch?: string };

export interface Admin {
  /**
   * Asks the daemon once. A reply that is not a success of the contract is thrown.
   * @throws Fault the daemon's own, with its code; `daemon-unreachable`; `usage` where the input does not fit the
   * contract; `internal` where the reply does not.
   */
  call<Id extends keyof AdminContract>(id: Id, input: Input<AdminContract[Id]>): Promise<Answer<Id>>;
}

export type Answer<Id extends keyof AdminContract> = ReplyOf<AdminContract[Id]> & {
  readonly etag: string | undefined;
};

interface Asked {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

/** What a client has to know of its daemon. */
export interface Address {
  readonly socketPath: string;
  /** How the daemon is started or looked at here: the hint when it does not answer. */
  readonly startHint: string;
  /** How long an answer may take. */
  readonly patience?: Millis;
}

/** Makes a client; it connects anew for each call and keeps nothing open. */
export function adminClient(address: Address): Admin {
  return {
    async call<Id extends keyof AdminContract>(id: Id, input: Input<AdminContract[Id]>) {
      const operation: Operation = adminContract[id];
      const asked: Asked = input;
      const { status, headers, text } = await exchange(address, operation, asked);
      const body = understood(operation, status, text);
      return { status, body, etag: headers.etag } as unknown as Answer<Id>;
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

async function exchange(address: Address, operation: Operation, asked: Asked): Promise<Reply> {
  const path = pathOf(operation, asked);
  const body = operation.body && JSON.stringify(fitting(operation.body, asked.body));
  const signal = AbortSignal.timeout(address.patience ?? patienceFor(operation));
  try {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request({
      socketPath: address.socketPath,
      method: operation.method,
      path,
      agent: false,
      signal,
      headers: {
        host: 'localhost',
        accept: 'application/json',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
        ...(asked.ifMatch !== undefined && { 'if-match': asked.ifMatch }),
      },
    })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
    const response = await promise;
    const text = Buffer.concat(await response.toArray()).toString('utf8');
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  } catch (cause) {
    throw unreachable(address, signal.aborted, cause);
  }
}

/** What asks somebody else on the internet may take as long as the daemon lets it. */
function patienceFor({ path }: Operation): Millis {
  return path.startsWith('/v1/mail/') ? 60 * SECOND : 10 * SECOND;
}

function pathOf(operation: Operation, asked: Asked): string {
  const params = operation.params ? (fitting(operation.params, asked.params) as Record<string, string>) : {};
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const query = operation.query && fitting(operation.query, asked.query ?? {});
  const search = new URLSearchParams(query as Record<string, string> | undefined).toString();
  return search === '' ? path : `${path}?${search}`;
}

/**
 * The input as the contract wants it. What does not fit is the typist's to correct, without a round trip;
 * it is not repeated, for it may be a code.
 */
function fitting(schema: Schema, value: unknown): unknown {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Fault(
    'usage',
    `The daemon would not accept the ${v.getDotPath(issue) ?? 'request'}: ${issue.message}.`,
    'Nothing was changed. Correct it and try again.',
  );
}

function understood(operation: Operation, status: number, text: string): unknown {
  let document: unknown;
  try {
    document = text === '' ? undefined : JSON.parse(text);
  } catch {
    document = undefined;
  }
  const schema = operation.replies[status];
  if (schema !== undefined) {
    if (schema === null) return undefined;
    const result = v.safeParse(schema, document);
    if (result.success) return result.output;
  }
  const trouble = v.safeParse(problem, document);
  if (trouble.success) {
    const { code, title, detail, hint } = trouble.output;
    // A newer daemon may use a code that this program does not know yet: it is only shown.
    throw new Fault(code as FaultCode, detail ?? title, hint ?? '');
  }
  throw new Fault(
    'internal',
    `The daemon answered ${operation.method} ${operation.path} with status ${status} and a document that this program does not understand.`,
    'The program and the running daemon may be of different versions: restart the daemon, then try again.',
  );
}

function unreachable({ socketPath, startHint }: Address, late: boolean, cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code ?? 'no reason given';
  const fault = (message: string, hint: string) => new Fault('daemon-unreachable', message, hint, cause);
  if (late) return fault('The daemon did not answer in time. What was asked may still happen.', startHint);
  if (code === 'EACCES' || code === 'EPERM')
    return fault(
      `You may not talk to the daemon: ${socketPath} is for root.`,
      'Run the same command as root.',
    );
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return fault(`The daemon does not run: nobody answers at ${socketPath}.`, startHint);
  return fault(`The daemon cannot be reached at ${socketPath} (${code}).`, startHint);
}
