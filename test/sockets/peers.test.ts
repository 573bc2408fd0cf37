// Owns the tests of who may speak on a socket.

import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { identify, peerOn, peerRule } from '../../daemon/sockets/peers.ts';
import { ask, serve } from './bench.ts';
import { handlers, probe } from './probe.ts';
import { NOBODY, needsRoot, visit } from './visit.ts';

const GROUP = 4_242;

test('the rule knows users, primary and supplementary groups, and always root', () => {
  const rule = peerRule({ uids: [7], gids: [GROUP] });
  const peer = { pid: 1, uid: 8, gid: 8, groups: [9] };
  assert.equal(rule(peer), false);
  assert.equal(rule({ ...peer, uid: 0 }), true);
  assert.equal(rule({ ...peer, uid: 7 }), true);
  assert.equal(rule({ ...peer, gid: GROUP }), true);
  assert.equal(rule({ ...peer, groups: [1, GROUP] }), true);
  assert.equal(peerRule({ uids: [], gids: [] })({ ...peer, gid: 0, groups: [0] }), false);
});

test('a process of another user gets 403 whatever it asks, and is named in the log', {
  skip: needsRoot,
}, async (t) => {
  const { path, log } = await serve(t, probe, handlers, { admits: peerRule({ uids: [1], gids: [GROUP] }) });
  assert.equal(await visit(t, path, { uid: NOBODY }), 'answer 403');
  const nowhere = await visit(t, path, { uid: NOBODY }, 'GET /nothing HTTP/1.1\r\n\r\n');
  assert.equal(nowhere, 'answer 403', 'and the connection is closed without being asked to');
  await log.until(() => log.requests().length === 2);
  assert.deepEqual(
    log.requests().map(({ operation, status, code, uid }) => ({ operation, status, code, uid })),
    Array(2).fill({ operation: 'unknown', status: 403, code: 'peer-not-allowed', uid: NOBODY }),
  );
});

test('a user or group of the rule gets in, the group as a supplementary one too', {
  skip: needsRoot,
}, async (t) => {
  const { path } = await serve(t, probe, handlers, { admits: peerRule({ uids: [1], gids: [GROUP] }) });
  assert.equal(await visit(t, path, { uid: 1 }), 'answer 204');
  assert.equal(await visit(t, path, { uid: NOBODY, gid: GROUP }), 'answer 204');
  assert.equal(await visit(t, path, { uid: NOBODY, groups: [5, GROUP] }), 'answer 204');
  assert.equal(await visit(t, path, { uid: NOBODY, groups: [5] }), 'answer 403');
});

test("the file's mode is the first lock", { skip: needsRoot }, async (t) => {
  const { path } = await serve(t, probe, handlers, { mode: 0o660, admits: () => true });
  assert.equal(await visit(t, path, { uid: NOBODY }), 'error EACCES');
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
});

test('a connection that is gone has no peer', () => {
  const gone = new Socket();
  assert.equal(identify(gone), undefined);
  assert.equal(peerOn(gone), undefined);
});
