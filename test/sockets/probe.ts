// Owns a small contract with one operation of each kind, for the tests of the sockets.

import * as v from 'valibot';
import type { Handlers } from '../../daemon/sockets/handler.ts';
import { contract } from '../../daemon/wire/contract.ts';
import { line, userName } from '../../daemon/wire/shapes.ts';

export const probe = contract({
  ping: { method: 'GET', path: '/v1/ping', summary: 'Nothing', replies: { 204: null } },
  echo: {
    method: 'POST',
    path: '/v1/echo',
    summary: 'A text and back',
    body: v.object({
      text: line(20),
      kind: v.optional(v.picklist(['one', 'two'])),
      inner: v.optional(v.strictObject({ code: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)) })),
      list: v.optional(v.array(v.object({ size: v.number() }))),
      free: v.optional(v.record(v.string(), v.number())),
    }),
    replies: { 200: v.object({ text: v.string() }) },
  },
  user: {
    method: 'GET',
    path: '/v1/users/{name}',
    summary: 'A name in the path',
    params: v.object({ name: userName }),
    replies: { 200: v.object({ name: v.string() }) },
  },
  reset: {
    method: 'POST',
    path: '/v1/users/{name}/reset',
    summary: 'A name in the middle, no body',
    params: v.object({ name: userName }),
    replies: { 202: null },
  },
  search: {
    method: 'GET',
    path: '/v1/search',
    summary: 'A query',
    query: v.object({ q: v.optional(line(20)) }),
    replies: { 200: v.object({ q: v.nullable(v.string()) }) },
  },
  hold: {
    method: 'POST',
    path: '/v1/hold',
    summary: 'As long as the test wants',
    replies: { 202: null, 429: v.object({ retryAfter: v.number() }) },
  },
  change: {
    method: 'PUT',
    path: '/v1/search',
    summary: 'Another method of the same path',
    replies: { 200: v.object({ ifMatch: v.nullable(v.string()) }) },
  },
});

export type Probe = typeof probe;

export const handlers: Handlers<Probe> = {
  ping: () => ({ status: 204 }),
  echo: ({ body }) => ({ status: 200, body: { text: body.text } }),
  user: ({ params }) => ({ status: 200, body: { name: params.name } }),
  reset: () => ({ status: 202 }),
  search: ({ query }) => ({ status: 200, body: { q: query.q ?? null } }),
  hold: () => ({ status: 202 }),
  change: ({ ifMatch }) => ({ status: 200, body: { ifMatch: ifMatch ?? null }, headers: { ETag: '"2"' } }),
};

/** Handlers whose `hold` waits for `release`; `held` tells that one more is waiting. */
export function holding(): {
  handlers: Handlers<Probe>;
  release: () => void;
  held: (count: number) => Promise<void>;
} {
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const watchers = new Set<() => void>();
  return {
    handlers: {
      ...handlers,
      hold: async () => {
        waiting += 1;
        for (const look of watchers) look();
        await gate.promise;
        return { status: 202 };
      },
    },
    release: gate.resolve,
    held: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (waiting >= count) resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}
