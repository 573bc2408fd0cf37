// Owns every answer but the one that opens the door: documents, empty replies and problems.

import type { ParameterizedContext } from 'koa';
import { Fault } from '../kernel/fault.ts';
import type { Operation } from '../wire/contract.ts';
import { problemOf } from './problem.ts';

/** What a handler gave back, before it is known to be one of the contract's replies. */
interface Given {
  readonly status?: unknown;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const KEEP_SECRET = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
] as const;

/** Writes status, headers and a JSON document; `undefined` is a reply without a body. */
export function write(
  ctx: ParameterizedContext,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { res } = ctx;
  // Straight onto the response, and the type before the body: Koa would look one up for it, and check each name.
  if (document !== undefined) res.setHeader('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  for (const [name, value] of KEEP_SECRET) res.setHeader(name, value);
  // A clock that may be wrong must not date an answer (RFC 9110 §6.6.1).
  res.sendDate = false;
  // Koa makes 204 of a null body, unless the status comes after it.
  ctx.body = document === undefined ? null : JSON.stringify(document);
  ctx.status = status;
}

/** RFC 9110 §10.2.3, for a 429 whose document says how many seconds to wait. */
function retryAfter(given: Given): Readonly<Record<string, string>> {
  const { status, body } = given;
  if (status !== 429 || typeof body !== 'object' || body === null || !('retryAfter' in body)) return {};
  return { 'Retry-After': String(body.retryAfter) };
}

/**
 * Sends one of the operation's replies.
 * @throws Fault `internal` where it is none of them, and for 200 on a door socket, whatever the reply says.
 */
export function reply(ctx: ParameterizedContext, operation: Operation, given: unknown, door: boolean): void {
  const { status, body, headers } = (given ?? {}) as Given;
  if (typeof status !== 'number' || !Object.hasOwn(operation.replies, status) || (door && status === 200)) {
    throw new Fault('internal', 'A handler gave a reply that it may not give.', 'Report this.');
  }
  write(ctx, status, operation.replies[status] === null ? undefined : body, {
    ...headers,
    ...retryAfter({ status, body }),
  });
}

/** Sends a fault as a problem document, and nothing that was prepared before. */
export function replyProblem(
  ctx: ParameterizedContext,
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): void {
  for (const name of ctx.res.getHeaderNames()) ctx.res.removeHeader(name);
  const document = problemOf(fault);
  write(ctx, document.status, document, { ...headers, 'Content-Type': 'application/problem+json' });
}
