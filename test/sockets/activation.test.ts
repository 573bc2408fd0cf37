// Owns the tests of socket activation: a process that really inherits a listening socket.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { passedSockets, SOCKET_NAMES } from '../../daemon/sockets/activation.ts';
import { ask, folder } from './bench.ts';

const PROGRAM = join(import.meta.dirname, 'activated.ts');
const ACTIVATE = '/usr/bin/systemd-socket-activate';

const handle = (server: Server): number => (server as unknown as { _handle: { fd: number } })._handle.fd;

/** Starts the program with `descriptors` from number 3 on and the variables of sd_listen_fds(3). */
async function start(
  t: TestContext,
  descriptors: readonly number[],
  variables: string,
): Promise<{ child: ChildProcess; said: string }> {
  const script = `${variables} exec "$0" "$1"`;
  const child = spawn('sh', ['-c', script, process.execPath, PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit', ...descriptors],
  });
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout);
  const [said] = await once(createInterface(child.stdout), 'line');
  return { child, said };
}

/** A listening socket that outlives the server which made it here, as one of systemd's does. */
async function listening(t: TestContext): Promise<{ server: Server; path: string }> {
  const path = join(await folder(t), 'login.sock');
  const server = createServer().listen(`${path}.made`);
  await once(server, 'listening');
  // libuv removes the file by its first name when it closes.
  await rename(`${path}.made`, path);
  return { server, path };
}

test('a passed socket is served by its name, and its file is left alone', async (t) => {
  const { server, path } = await listening(t);
  const { child, said } = await start(
    t,
    [handle(server)],
    'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=login.sock',
  );
  server.close();
  assert.equal(said, 'ready login.sock private');
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
  child.stdin?.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.ok(existsSync(path));
});

test('systemd itself passes it so', {
  skip: !existsSync(ACTIVATE) && 'no systemd-socket-activate',
}, async (t) => {
  const path = join(await folder(t), 'login.sock');
  const child = spawn(ACTIVATE, ['-l', path, '--fdname=login.sock', process.execPath, PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [hint] = await once(createInterface(child.stderr), 'line');
  assert.match(hint, /Listening on/);
  assert.equal((await ask(path, { path: '/v1/ping' })).status, 204);
});

test('variables for another process, or none, mean that nothing was passed', async (t) => {
  const { server } = await listening(t);
  t.after(() => server.close());
  const other = 'LISTEN_PID=1 LISTEN_FDS=1 LISTEN_FDNAMES=login.sock';
  assert.equal((await start(t, [handle(server)], other)).said, 'ready  private');
  assert.equal(passedSockets({}, 77, SOCKET_NAMES).size, 0);
  assert.equal(
    passedSockets({ LISTEN_PID: '', LISTEN_FDS: '1', LISTEN_FDNAMES: 'login.sock' }, 77, SOCKET_NAMES).size,
    0,
  );
});

test('what is not a listening unix socket is not served', async (t) => {
  const network = createServer().listen(0, '127.0.0.1');
  t.after(() => network.close());
  await once(network, 'listening');
  const variables = 'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=login.sock';
  assert.equal((await start(t, [handle(network)], variables)).said, 'fault config-invalid');
});

test('unknown and repeated names, and numbers that are none, stop the daemon', async (t) => {
  const { server } = await listening(t);
  t.after(() => server.close());
  const twice = 'LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=login.sock:login.sock';
  const both = [handle(server), handle(server)];
  assert.equal((await start(t, both, twice)).said, 'fault config-invalid');
  const other = 'LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=login.sock:other.sock';
  assert.equal((await start(t, both, other)).said, 'fault config-invalid');
  const good = 'LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=login.sock:web.sock';
  assert.equal((await start(t, both, good)).said, 'ready login.sock,web.sock private');
  const invalid = (error: unknown) => error instanceof Fault && error.code === 'config-invalid';
  for (const [LISTEN_FDS, LISTEN_FDNAMES] of [
    ['1', 'other.sock'],
    ['1', undefined],
    ['1', ''],
    ['2', 'x'],
    ['-1', 'login.sock'],
    ['1.5', 'login.sock'],
    ['99999', 'login.sock'],
    ['many', 'login.sock'],
    [undefined, 'login.sock'],
  ]) {
    const variables = { LISTEN_PID: '77', LISTEN_FDS, LISTEN_FDNAMES };
    assert.throws(
      () => passedSockets(variables, 77, SOCKET_NAMES),
      invalid,
      `${LISTEN_FDS} ${LISTEN_FDNAMES}`,
    );
  }
});
