// Owns the tests of what the kernel says of a peer and of a descriptor.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { isListeningUnixSocket } from '../../daemon/native/descriptor.ts';
import { peerOf } from '../../daemon/native/peer.ts';
import { asUser, NOBODY, needsRoot } from '../sockets/visit.ts';

const fdOf = (it: Socket | Server): number => (it as unknown as { _handle: { fd: number } })._handle.fd;

/** The supplementary groups of this process; `process.getgroups` would add the primary one. */
function supplementary(): number[] {
  const [, groups = ''] = /^Groups:(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return groups.split(/\s+/).filter(Boolean).map(Number).sort();
}

async function serverOn(t: TestContext): Promise<[Server, string]> {
  const folder = await mkdtemp(join(tmpdir(), 'fygo-'));
  const path = join(folder, 's');
  const server = createServer().listen(path);
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  await once(server, 'listening');
  return [server, path];
}

test('a peer is the process that connected', async (t) => {
  const [server, path] = await serverOn(t);
  const client = connect(path);
  const [accepted] = await once(server, 'connection');
  const peer = peerOf(fdOf(accepted));
  client.destroy();
  accepted.destroy();
  assert.deepEqual(
    { ...peer, groups: [...peer.groups].sort() },
    {
      pid: process.pid,
      uid: process.getuid?.(),
      gid: process.getgid?.(),
      groups: supplementary(),
    },
  );
});

test('more supplementary groups than usual are all read', { skip: needsRoot }, async (t) => {
  const [server, path] = await serverOn(t);
  await chmod(join(path, '..'), 0o755);
  await chmod(path, 0o666);
  const groups = Array.from({ length: 300 }, (_, index) => 5_000 + index);
  const child = asUser(t, { uid: NOBODY, gid: 77, groups }, '../sockets/visitor.ts', path, '1');
  const [accepted] = await once(server, 'connection');
  const peer = peerOf(fdOf(accepted));
  accepted.destroy();
  assert.deepEqual(peer, { pid: peer.pid, uid: NOBODY, gid: 77, groups });
  assert.equal(peer.pid, child.pid);
});

test('what is no socket has no peer', () => {
  const fd = openSync('/dev/null', 'r');
  assert.throws(
    () => peerOf(fd),
    (error) => error instanceof Fault && error.code === 'internal',
  );
  closeSync(fd);
  assert.throws(() => peerOf(-1), Fault);
});

test('a listening unix socket is told from everything else', async (t) => {
  const [server, path] = await serverOn(t);
  const network = createServer().listen(0, '127.0.0.1');
  await once(network, 'listening');
  const client = connect(path);
  await once(client, 'connect');
  const file = openSync('/dev/null', 'r');
  assert.equal(isListeningUnixSocket(fdOf(server)), true);
  assert.equal(isListeningUnixSocket(fdOf(network)), false);
  assert.equal(isListeningUnixSocket(fdOf(client)), false);
  assert.equal(isListeningUnixSocket(file), false);
  assert.equal(isListeningUnixSocket(-1), false);
  closeSync(file);
  client.destroy();
  network.close();
});
