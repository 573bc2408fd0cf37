// Owns the tests of the helpers as processes: the core's questions cross a real socket, and a hostile answer is no answer.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { ask, askHelper } from '../../daemon/helpers/ask.ts';
import { remoteMail, remoteSetClock, remoteTime } from '../../daemon/helpers/remote.ts';
import { timeContract } from '../../daemon/wire/helpers.ts';
import { readJourney } from '../../daemon/wire/mail.ts';
import { readAutomaticOutcome, readSetOutcome, readTimeReport } from '../../daemon/wire/time.ts';
import { ntpServer } from '../clock/ntp-server.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'daemon', 'main.ts');

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'fygo-role-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A helper as a process of its own. */
async function helper(
  t: TestContext,
  role: string,
): Promise<{ socket: string; stop: () => Promise<unknown> }> {
  const root = folder(t);
  const child = spawn(process.execPath, [MAIN, 'serve', '--role', role, '--root', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  });
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  const said = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  assert.deepEqual(said, ['ready']);
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { socket: join(root, 'run', `${role}.sock`), stop };
}

test('the time helper asks the servers, and its answer is a report', async (t) => {
  const { socket, stop } = await helper(t, 'time');
  assert.equal(lstatSync(socket).mode & 0o777, 0o600);
  const server = await ntpServer(t, '127.0.0.1');
  const answer = await remoteTime(socket).measure([
    { host: server.host, port: server.port },
    { host: 'no-such-host.invalid', port: 123 },
  ]);
  const report = readTimeReport(answer, 2);
  assert.deepEqual(
    report?.exchanges.map(({ outcome }) => outcome),
    ['time', 'no-address'],
  );
  assert.equal(server.asked, 1);
  assert.deepEqual(await stop(), [0, null]);
});

test('the set-clock helper of a demonstration leaves the clock alone', async (t) => {
  const { socket } = await helper(t, 'set-clock');
  const role = remoteSetClock(socket);
  assert.deepEqual(readSetOutcome(await role.set(0)), { outcome: 'refused', rtc: 'absent' });
  assert.deepEqual(readAutomaticOutcome(await role.automatic(true)), { outcome: 'refused' });
});

test('the mail helper takes a letter that is larger than any login, and its answer is a journey', async (t) => {
  const { socket } = await helper(t, 'mail');
  const server = createTcpServer((there) => there.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const answer = await remoteMail(socket).handle({
    kind: 'send',
    account: { host: '127.0.0.1', port, security: 'plain', ca: null, signIn: null },
    message: {
      from: { name: 'NAS', address: 'nas@example.org' },
      to: 'alice@example.org',
      subject: 'A letter',
      text: 'x'.repeat(20_000),
      html: 'x'.repeat(60_000),
      messageId: '<1@example.org>',
      date: Date.UTC(2026, 11, 1),
    },
  });
  assert.equal(readJourney(answer)?.outcome, 'failed', JSON.stringify(answer));
});

test('a helper knows its own operations only, and takes them in their shape only', async (t) => {
  const { socket } = await helper(t, 'set-clock');
  const status = async (path: string, body: unknown) =>
    (await ask({ socketPath: socket, operation: { method: 'POST', path }, body, patience: 5_000 })).status;
  assert.equal(await status('/v1/measure', { servers: [] }), 404);
  assert.equal(await status('/v1/set', {}), 400);
  assert.equal(await status('/v1/set', { epoch: '0' }), 400);
  assert.equal(await status('/v1/automatic', { on: true, besides: 'reboot' }), 400);
});

test('a role that is none is refused', async () => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--role', 'root'], { stdio: 'ignore', env: {} });
  assert.deepEqual(await once(child, 'exit'), [64, null]);
});

const HOSTILE: readonly (readonly [what: string, answer: RequestListener])[] = [
  ['is too long', (_, response) => response.end(`"${'x'.repeat(300_000)}"`)],
  ['never ends', (_, response) => response.write('{')],
  ['hangs up', (request) => request.socket.destroy()],
  ['says 500', (_, response) => response.writeHead(500).end('{}')],
  ['sends elsewhere', (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1/' }).end()],
];

for (const [what, answer] of HOSTILE) {
  test(`a helper that ${what} is one that failed`, async (t) => {
    const socketPath = join(folder(t), 's');
    const server = createServer(answer).listen(socketPath);
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await assert.rejects(askHelper({ socketPath, operation: timeContract.measure, body: {}, patience: 400 }));
  });
}

test('a helper that talks nonsense gave no report', async (t) => {
  const socketPath = join(folder(t), 's');
  const server = createServer((_, response) => response.end('{"exchanges": 4')).listen(socketPath);
  await once(server, 'listening');
  t.after(() => server.close());
  assert.equal(readTimeReport(await remoteTime(socketPath).measure([]), 0), null);
});

test('nobody there is a failure, not a wait', async (t) => {
  await assert.rejects(remoteTime(join(folder(t), 's')).measure([]), { code: 'ENOENT' });
});
