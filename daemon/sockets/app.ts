// Owns one socket's application: from the contract and its handlers to what answers a request.

import type { IncomingMessage, RequestListener } from 'node:http';
import Koa, { type ParameterizedContext } from 'koa';
import { Fault, type FaultCode } from '../kernel/fault.ts';
import type { Millis } from '../kernel/instant.ts';
import { isAdmission } from '../login/decision.ts';
import type { Peer } from '../native/peer.ts';
import type { Caller } from '../service/caller.ts';
import type { Contract, Operation } from '../wire/contract.ts';
import type { SocketName } from './activation.ts';
import { announcesBody, readJson } from './body.ts';
import { guard, open } from './door.ts';
import type { DoorHandlers, Handlers } from './handler.ts';
import type { ServePage } from './pages.ts';
import { notAllowed, type PeerRule, peerOn } from './peers.ts';
import { publicFault } from './problem.ts';
import { reply, replyProblem } from './reply.ts';
import { failureLine, type LogSink, whoOf } from './request-log.ts';
import { type Route, routerOf } from './router.ts';
import { shaped } from './shape.ts';

/** Finds out who asks. @throws Fault where he may not */
export type Guard = (
  operation: Operation,
  id: string,
  request: IncomingMessage,
) => Promise<Caller | undefined>;

/** What a socket's application is made of. */
export interface AppParts<C extends Contract, H> {
  readonly name: SocketName;
  readonly contract: C;
  readonly handlers: H;
  readonly admits: PeerRule;
  readonly log: LogSink;
  readonly elapsed: () => Millis;
  /** Asked before a body is read. */
  readonly guard?: Guard;
  /** Sends what is not an operation. */
  readonly pages?: ServePage;
}

/** Answers the requests of one socket; `admits` is for the connection limits, which know strangers too. */
export interface SocketApp {
  readonly answer: RequestListener;
  readonly admits: PeerRule;
}

/** What the log will say of a request, as far as it is known. */
interface Trace {
  operation: string;
  code?: FaultCode;
}

type Exchange = ParameterizedContext<Trace>;

type AnyHandlers = Readonly<Record<string, (request: unknown) => unknown>>;

/** The application of a socket on which 200 is a reply like any other. */
export function createApp<C extends Contract>(parts: AppParts<C, NoInfer<Handlers<C>>>): SocketApp {
  return build(parts as unknown as AppParts<Contract, AnyHandlers>, false);
}

/** The application of a door socket, on which 200 means "let this user in" and only an Admission says so. */
export function createDoorApp<C extends Contract>(parts: AppParts<C, NoInfer<DoorHandlers<C>>>): SocketApp {
  return build(parts as unknown as AppParts<Contract, AnyHandlers>, true);
}

function noPlace(): Fault {
  return new Fault(
    'not-found',
    'There is no operation at this path.',
    'See the contract in docs/INTEGRATION.md; a path is compared to the letter.',
  );
}

function noMethod(allow: string): Fault {
  return new Fault('method-not-allowed', `This path takes ${allow} only.`, 'Use one of these methods.');
}

function readQuery(operation: Operation, text: string): unknown {
  if (operation.query === undefined) {
    if (text === '') return undefined;
    throw new Fault('malformed-request', 'This operation takes no query.', 'Leave out what follows the "?".');
  }
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in query) {
      throw new Fault('malformed-request', 'The query names a field twice.', 'Give each field once.');
    }
    query[name] = value;
  }
  return shaped(operation.query, query, 'query');
}

async function readBody(operation: Operation, request: IncomingMessage): Promise<unknown> {
  if (operation.body !== undefined)
    return shaped(operation.body, await readJson(request, operation.mostBytes), 'body');
  if (!announcesBody(request)) return undefined;
  throw new Fault('malformed-request', 'This operation takes no body.', 'Send the request without a body.');
}

async function requestOf(
  route: Route,
  request: IncomingMessage,
  peer: Peer,
  guard: Guard | undefined,
): Promise<object> {
  const { operation } = route;
  const caller = await guard?.(operation, route.id, request);
  const ifMatch = request.headers['if-match'];
  return {
    params: operation.params === undefined ? undefined : shaped(operation.params, route.params, 'path'),
    query: readQuery(operation, route.query),
    body: await readBody(operation, request),
    ...(ifMatch !== undefined && { ifMatch }),
    peer,
    ...(caller !== undefined && { caller }),
  };
}

function build(parts: AppParts<Contract, AnyHandlers>, door: boolean): SocketApp {
  const { name, contract, handlers, admits, log, elapsed, guard: guardian, pages } = parts;
  const find = routerOf(contract);
  const app = new Koa<Trace>();

  const fail = (ctx: Exchange, operation: string, thrown: unknown, allow?: string): void => {
    const fault = publicFault(thrown);
    ctx.state.code = fault.code;
    if (fault !== thrown || fault.cause !== undefined) log(failureLine(name, operation, thrown));
    replyProblem(ctx, fault, allow === undefined ? {} : { Allow: allow });
  };

  const answer = async (ctx: Exchange): Promise<void> => {
    const { req, res, state } = ctx;
    const began = elapsed();
    const peer = peerOn(req.socket);
    state.operation = 'unknown';
    res.once('close', () => {
      log({
        kind: 'request',
        socket: name,
        operation: state.operation,
        method: ctx.method,
        status: res.headersSent ? res.statusCode : 0,
        ...(state.code !== undefined && { code: state.code }),
        ms: elapsed() - began,
        ...whoOf(peer),
      });
    });
    if (door) guard(ctx);
    try {
      if (peer === undefined || !admits(peer)) throw notAllowed();
      if (pages?.(ctx)) {
        state.operation = 'page';
        return;
      }
      const route = find(ctx.method, req.url ?? '');
      if (route === undefined) throw noPlace();
      if ('allow' in route) return fail(ctx, 'unknown', noMethod(route.allow), route.allow);
      state.operation = route.id;
      const given = await handlers[route.id]?.(await requestOf(route, req, peer, guardian));
      if (door && isAdmission(given) && Object.hasOwn(route.operation.replies, 200)) open(ctx, given);
      else reply(ctx, route.operation, given, door);
    } catch (error) {
      fail(ctx, state.operation, error);
    }
  };

  app.use(async (ctx) => {
    await answer(ctx);
    // What is left of a body would be taken for the next request, or read without a bound.
    const left = announcesBody(ctx.req) && !ctx.req.complete;
    const stranger = ctx.state.code === 'peer-not-allowed';
    if (left || stranger) ctx.set('Connection', 'close');
  });

  // Koa's own handler would print the error and answer in plain text, without the headers of every reply.
  app.context.onerror = function onerror(this: Exchange, error: Error | null): void {
    if (error === null || error === undefined || this.headerSent || !this.writable) return;
    fail(this, this.state.operation, error);
    this.res.end(this.body);
  };
  app.on('error', () => {});
  return { answer: app.callback(), admits };
}
