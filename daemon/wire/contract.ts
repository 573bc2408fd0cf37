// Owns what an operation on a socket is: types, handlers, the client and OpenAPI are all derived from it.

import type * as v from 'valibot';

// biome-ignore lint/suspicious/noExplicitAny: the input side of a schema is irrelevant once it is checked.
export type Schema = v.GenericSchema<any, unknown>;

/**
 * `login`: whoever holds the ID of an open login. `user`: who is signed in, for himself. `administrator`: who is
 * signed in and one. `root`: nobody but root, on admin.sock.
 */
export type Role = 'login' | 'user' | 'administrator' | 'root';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** An absolute path; `{name}` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  /** The most that its body may have, in bytes; what every socket grants where it does not say. */
  readonly mostBytes?: number;
  /** Who may ask for it where a person stands behind the socket (web.sock). Root may ask for anything on admin.sock. */
  readonly role?: Role;
  /** A person who asks for it has to show a fresh second step (the header X-Step-Up). */
  readonly stepUp?: true;
  /** The document of each status; `null` is a reply without a body. */
  readonly replies: Readonly<Record<number, Schema | null>>;
}

/** A socket's operations by their identifier. */
export type Contract = Readonly<Record<string, Operation>>;

type Out<S> = S extends Schema ? v.InferOutput<S> : undefined;

export type ParamsOf<O extends Operation> = Out<O['params']>;
export type QueryOf<O extends Operation> = Out<O['query']>;
export type BodyOf<O extends Operation> = Out<O['body']>;

/** One of the replies that the operation may give, by status. */
export type ReplyOf<O extends Operation> = {
  [S in keyof O['replies'] & number]: O['replies'][S] extends Schema
    ? { readonly status: S; readonly body: v.InferOutput<O['replies'][S]>; readonly headers?: Headers }
    : { readonly status: S; readonly headers?: Headers };
}[keyof O['replies'] & number];

type Headers = Readonly<Record<string, string>>;

/** Makes a contract keep its literal types. */
export function contract<const C extends Contract>(operations: C): C {
  return operations;
}
