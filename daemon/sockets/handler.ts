// Owns what a handler is: it gets a request that is already checked, and gives one of the contract's replies.

import type { Admission } from '../login/decision.ts';
import type { Peer } from '../native/peer.ts';
import type { Caller } from '../service/caller.ts';
import type { BodyOf, Contract, Operation, ParamsOf, QueryOf, ReplyOf } from '../wire/contract.ts';

/** What an operation is asked: every part has passed its schema. */
export interface Request<O extends Operation> {
  readonly params: ParamsOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  /** The header If-Match as it came. */
  readonly ifMatch?: string;
  readonly peer: Peer;
  /** Who is signed in, where the socket has a guard that finds out. */
  readonly caller?: Caller;
}

/** Answers one operation. Throws a Fault where the exchange itself fails. */
export type Handler<O extends Operation> = (request: Request<O>) => ReplyOf<O> | Promise<ReplyOf<O>>;

/** One handler for each operation of a contract. */
export type Handlers<C extends Contract> = { readonly [K in keyof C]: Handler<C[K]> };

/** On a door socket the reply 200 is not a document: only an Admission stands in its place. */
export type DoorReplyOf<O extends Operation> =
  | Exclude<ReplyOf<O>, { readonly status: 200 }>
  | (200 extends keyof O['replies'] ? Admission : never);

/** Answers one operation of a door socket. */
export type DoorHandler<O extends Operation> = (
  request: Request<O>,
) => DoorReplyOf<O> | Promise<DoorReplyOf<O>>;

/** One handler for each operation of a door socket's contract. */
export type DoorHandlers<C extends Contract> = { readonly [K in keyof C]: DoorHandler<C[K]> };
