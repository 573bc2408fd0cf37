// Owns the tests of the door: status 200 leaves login.sock for a real Admission and for nothing else.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Koa, { type Context } from 'koa';
import { Fault } from '../../daemon/kernel/fault.ts';
import { Verdict } from '../../daemon/kernel/verdict.ts';
import { Admission, admit } from '../../daemon/login/decision.ts';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { createDoorApp } from '../../daemon/sockets/app.ts';
import { guard, open } from '../../daemon/sockets/door.ts';
import type { DoorHandler, DoorHandlers, Handlers } from '../../daemon/sockets/handler.ts';
import { reply } from '../../daemon/sockets/reply.ts';
import { contract } from '../../daemon/wire/contract.ts';
import { allowed, type loginContract } from '../../daemon/wire/login.ts';
import { ask, folder, post, serve, serveApp } from './bench.ts';

const door = contract({
  enter: {
    method: 'POST',
    path: '/v1/enter',
    summary: 'The door',
    replies: { 200: allowed, 202: null, 403: null },
  },
  wall: { method: 'POST', path: '/v1/wall', summary: 'No door here', replies: { 204: null } },
});
type Door = typeof door;

const document = { outcome: 'allow', user: 'alice', because: 'not-enrolled' } as const;
const real = () => admit(new Verdict('policy'), document);

function serveDoor(t: TestContext, enter: DoorHandler<Door['enter']>, wall?: DoorHandler<Door['wall']>) {
  const handlers: DoorHandlers<Door> = { enter, wall: wall ?? (() => ({ status: 204 })) };
  return serveApp(t, (log, admits) =>
    createDoorApp({ name: 'login.sock', contract: door, handlers, admits, log: log.sink, elapsed }),
  );
}

test('an Admission opens the door', async (t) => {
  const { path, log } = await serveDoor(t, real);
  const answer = await ask(path, { method: 'POST', path: '/v1/enter' });
  assert.deepEqual([answer.status, answer.json], [200, document]);
  assert.equal(answer.headers['cache-control'], 'no-store');
  await log.until(() => log.requests().length === 1);
  assert.equal(log.requests()[0]?.status, 200);
});

test('nothing else does', async (t) => {
  const impostors: unknown[] = [
    { status: 200, body: document },
    { status: 200 },
    { document },
    { status: 200, document },
    Object.create(Admission.prototype),
    Object.assign(Object.create(Admission.prototype), { document, status: 200, body: document }),
    Object.create(real()),
    new Proxy(real(), {}),
    { ...real() },
    [real()],
    { status: '200', body: document },
    { status: 200.5, body: document },
    { status: 202, body: document, headers: { Status: '200 OK' } },
    true,
    undefined,
  ];
  for (const impostor of impostors) {
    const { path } = await serveDoor(t, () => impostor as { status: 403 });
    const answer = await ask(path, { method: 'POST', path: '/v1/enter' });
    assert.notEqual(answer.status, 200);
    if (answer.status !== 202) assert.deepEqual([answer.status, answer.json.code], [500, 'internal']);
    assert.doesNotMatch(answer.text, /allow/);
  }
});

test('an Admission opens no operation that has no 200', async (t) => {
  const { path } = await serveDoor(t, real, () => real() as unknown as { status: 204 });
  assert.equal((await ask(path, { method: 'POST', path: '/v1/wall' })).status, 500);
});

test('a socket that is no door has no use for an Admission', async (t) => {
  const handlers = { enter: () => real(), wall: () => ({ status: 204 }) } as unknown as Handlers<Door>;
  const { path } = await serve(t, door, handlers);
  assert.equal((await ask(path, { method: 'POST', path: '/v1/enter' })).status, 500);
});

test('the reply of a handler is refused as 200 before it comes to the guard', () => {
  const isFault = (error: unknown) => error instanceof Fault && error.code === 'internal';
  assert.throws(() => reply({} as Context, door.enter, { status: 200, body: document }, true), isFault);
});

test('the guard stands before anything else of the application runs', async (t) => {
  const path = join(await folder(t), 's');
  const handlers: DoorHandlers<Door> = { enter: real, wall: () => ({ status: 204 }) };
  const admits = () => true;
  const app = createDoorApp({ name: 'login.sock', contract: door, handlers, admits, log: () => {}, elapsed });
  const server = createServer((request, response) => {
    app.answer(request, response);
    assert.throws(() => response.writeHead(200), Fault);
  }).listen(path);
  t.after(() => server.close());
  await once(server, 'listening');
  assert.equal((await ask(path, { method: 'POST', path: '/v1/enter' })).status, 403);
});

test('the errors of a door socket are not a 200 either', async (t) => {
  const { path } = await serveDoor(t, () => {
    throw Object.assign(new Error('no'), { status: 200, statusCode: 200, expose: true });
  });
  assert.equal((await post(path, '/v1/enter', {})).status, 400);
  assert.equal((await ask(path, { method: 'POST', path: '/v1/enter' })).status, 500);
  assert.equal((await ask(path, { path: '/v1/enter' })).status, 405);
  assert.equal((await ask(path, { path: '/' })).status, 404);
});

/** A Koa application of one careless middleware behind the guard, as a later mistake could make it. */
async function careless(t: TestContext, middleware: (ctx: Context) => void): Promise<number> {
  const path = join(await folder(t), 's');
  const app = new Koa();
  app.silent = true;
  app.use((ctx) => {
    guard(ctx);
    middleware(ctx);
  });
  const server = createServer(app.callback()).listen(path);
  t.after(() => server.close());
  await once(server, 'listening');
  return (await ask(path, { path: '/' })).status;
}

test('the guard stops a 200 that Koa sets by itself, or that anybody sets by hand', async (t) => {
  const mistakes: ((ctx: Context) => void)[] = [
    (ctx) => {
      ctx.body = { outcome: 'allow' };
    },
    (ctx) => {
      ctx.body = 'text';
    },
    (ctx) => {
      ctx.status = 200;
    },
    (ctx) => {
      ctx.res.statusCode = 200;
      ctx.res.end('x');
    },
    (ctx) => {
      ctx.res.writeHead(200, { 'X-A': 'b' });
      ctx.res.end();
    },
    (ctx) => {
      ctx.res.writeHead(200, 'OK', { 'X-A': 'b' });
    },
    (ctx) => open(ctx, { document } as Admission),
  ];
  for (const mistake of mistakes) assert.equal(await careless(t, mistake), 500);
  assert.equal(await careless(t, (ctx) => open(ctx, real())), 200);
});

test('the types of a door handler have no 200, and no operation may be left out', () => {
  const refuse: DoorHandler<Door['enter']> = () => ({ status: 403 });
  // @ts-expect-error a door handler cannot say 200
  const say: DoorHandler<Door['enter']> = () => ({ status: 200, body: document });
  // @ts-expect-error an operation without a 200 takes no Admission
  const climb: DoorHandler<Door['wall']> = () => real();
  // @ts-expect-error a status that is not in the contract
  const invent: DoorHandler<Door['enter']> = () => ({ status: 201 });
  // @ts-expect-error `wall` has no handler
  const lacking: DoorHandlers<Door> = { enter: real };
  // @ts-expect-error the document of 202 is none
  const plain: Handlers<Door> = { enter: () => ({ status: 403, body: 1 }), wall: () => ({ status: 200 }) };
  const answer: DoorHandler<(typeof loginContract)['answer']> = ({ body }) =>
    body.method === 'totp' ? real() : { status: 429, body: { outcome: 'wait', retryAfter: 1 } };
  assert.ok([refuse, say, climb, invent, lacking, plain, answer].every(Boolean));
});
