// Owns the proof that every administrator's operation is served to administrators and to root, and to nobody else: by the documents that are published.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openapiDocuments } from '../../daemon/wire/openapi.ts';
import { ADMINISTRATION } from '../../daemon/wire/web.ts';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { Browser } from './gateway.ts';

const skip = lacking('curl');
const run = promisify(execFile);

interface Described {
  readonly operationId: string;
  readonly 'x-role'?: string;
  readonly 'x-step-up'?: true;
  readonly requestBody?: unknown;
}

interface Listed extends Described {
  readonly method: string;
  readonly path: string;
}

function operations(socket: string): Listed[] {
  const documents = openapiDocuments('0') as Record<
    string,
    { paths: Record<string, Record<string, Described>> }
  >;
  return Object.entries(documents[socket]?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, of]) => ({ ...of, method: method.toUpperCase(), path })),
  );
}

const reason = 'asked for by telephone';
const policy = { scope: 'specific', users: ['carol'], graceDays: 5 };

/** What each operation with a body is asked; a new one has to be entered here. */
const BODIES: Readonly<Record<string, unknown>> = {
  reset: { reason },
  pass: { reason },
  setPolicy: policy,
  previewPolicy: policy,
  revokeDevices: { id: 'all' },
  revokeMyDevices: { id: 'all' },
  setMail: { provider: 'smtp', from: 'nas@example.com', host: '127.0.0.1', port: 9, security: 'plain' },
  testMail: { address: 'alice@example.com' },
  enrolmentConfirm: { code: '123456' },
  myEnrolmentConfirm: { code: '123456' },
  stepUp: { method: 'totp', code: '123456' },
  stepUpMail: {},
  setSecurityEmail: { address: 'bob@example.com' },
  confirmSecurityEmail: { code: '7K3M-9QXA' },
  mySecurityEmail: { address: 'bob@example.com' },
  mySecurityEmailConfirm: { code: '7K3M-9QXA' },
  checkClock: { accept: false },
  backup: { secrets: false },
  setClock: { force: false },
  autoClock: { automatic: true },
};

/** Where it is not 200: on a bench no server tells the time, the machine's clock is left alone, a mail server that takes passwords has nothing to authorise. */
const OTHERWISE: Readonly<Record<string, number>> = {
  pass: 201,
  setClock: 409,
  autoClock: 503,
  authoriseMail: 409,
};

/** What takes away what the others need. */
const LAST = ['removeMail', 'reset'];

const ROLES = ['login', 'user', 'administrator'];

test('every operation of web.sock says who may use it, and serves all that administrators have', () => {
  for (const { operationId, 'x-role': role = 'none' } of operations('web.sock'))
    assert.ok(ROLES.includes(role), `${operationId} has no rule: its role is "${role}"`);
  const forAdministrators = operations('admin.sock').filter((one) => one['x-role'] === 'administrator');
  assert.deepEqual(
    forAdministrators.map(({ operationId }) => operationId).sort(),
    [...ADMINISTRATION].sort(),
  );
  for (const { operationId, 'x-role': role } of operations('admin.sock'))
    assert.ok(role === 'administrator' || role === 'root', `${operationId} has no rule`);
  for (const one of [...operations('web.sock'), ...operations('admin.sock')])
    if (one.requestBody && one['x-role'] !== 'login') assert.ok(one.operationId in BODIES, one.operationId);
});

test('a standard user is refused every administrator’s operation, and an audit row says so', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const bob = new Browser(bench, 'bob');
  await bob.stepsUp(await bench.enrolled('bob'));
  const list = operations('web.sock').filter((one) => one['x-role'] === 'administrator');
  assert.ok(list.length > 8);
  for (const { operationId, method, path } of list) {
    const place = path.replace('{name}', 'alice');
    for (const body of [BODIES[operationId], undefined])
      says(await bob.asks(`${method} ${place}`, body), 403, { code: 'not-an-administrator' });
    const { body } = await bench.asRoot('GET /v1/audit?user=bob&limit=1');
    const [row] = body.rows ?? [];
    assert.deepEqual([row?.outcome, row?.because], ['refused', `not-an-administrator: ${operationId}`]);
  }
  const rows = async () => (await bench.asRoot('GET /v1/audit?user=bob&limit=500')).body.rows?.length;
  const before = await rows();
  for (let n = 0; n < 20; n++) await bob.asks('GET /api/v1/admin/users');
  assert.equal(await rows(), before, 'asking again at once floods nothing');
});

test('what only root may is not on web.sock', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = new Browser(bench, 'alice');
  await alice.stepsUp(await bench.enrolled('alice'));
  await bench.enrolled('bob');
  for (const { method, path } of operations('admin.sock').filter((one) => one['x-role'] === 'root'))
    for (const prefix of ['/api/v1/admin', '/v1'])
      says(await alice.asks(`${method} ${path.replace('/v1', prefix).replace('{name}', 'bob')}`), 404);
  const forget = { reason, what: 'account' };
  says(await alice.asks('POST /api/v1/admin/users/bob/reset', forget), 403, { code: 'root-only' });
  says(await bench.asRoot('GET /v1/users/bob'), 200, { state: 'enrolled' });
  const accept = await alice.asks('POST /api/v1/admin/clock/check', { accept: true });
  says(accept, 403, { code: 'root-only' });
  const offset = await alice.asks('POST /api/v1/admin/clock/set', { force: true, offsetSeconds: 3600 });
  says(offset, 403, { code: 'root-only' });
});

test('every administrator’s operation through curl, on both sockets', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = new Browser(bench, 'alice');
  await alice.stepsUp(await bench.enrolled('alice'));
  const curl = async (socket: string, listed: Listed, more: readonly string[]) => {
    const { operationId, method, path } = listed;
    const body = BODIES[operationId];
    const words = ['-sS', '--max-time', '10', '--unix-socket', bench.file('run', socket), '-X', method];
    if (body) words.push('-H', 'Content-Type: application/json', '-d', JSON.stringify(body));
    else if (socket === 'web.sock') words.push('-H', 'Content-Type: application/json');
    if (operationId === 'setPolicy') words.push('-H', `If-Match: ${await version('policy')}`);
    if (operationId === 'setMail') words.push('-H', `If-Match: ${await version('mail')}`);
    const url = `http://nas.local:5001${path.replace('{name}', 'bob')}`;
    const { stdout } = await run('curl', [...words, ...more, '-w', '\n%{http_code}', url]);
    return [operationId, Number(stdout.split('\n').at(-1))] as const;
  };
  const version = async (of: string) => String((await bench.asRoot(`GET /v1/${of}`)).headers.etag);
  const identity = ['Remote-User: alice', 'X-Real-IP: 192.0.2.7', 'Origin: http://nas.local:5001'];
  const seen: string[] = [];
  for (const socket of ['admin.sock', 'web.sock']) {
    // What takes bob's factor away comes last.
    const list = operations(socket)
      .filter((one) => one['x-role'] === 'administrator')
      .sort((a, b) => LAST.indexOf(a.operationId) - LAST.indexOf(b.operationId));
    await bench.enrolled('bob');
    const headers = [...identity, `X-Step-Up: ${alice.stepUp}`].flatMap((header) => ['-H', header]);
    for (const listed of list) {
      const [id, status] = await curl(socket, listed, socket === 'web.sock' ? headers : []);
      assert.equal(status, OTHERWISE[id] ?? 200, `${socket} ${id}`);
      seen.push(`${socket} ${id} ${status}`);
      if (socket === 'web.sock' && listed['x-step-up']) {
        const bare = identity.flatMap((header) => ['-H', header]);
        assert.deepEqual(await curl(socket, listed, bare), [id, 403], `${id} without a fresh second step`);
      }
    }
  }
  assert.equal(seen.length, 2 * ADMINISTRATION.length);
  const { rows = [] } = (await bench.asRoot('GET /v1/audit?user=bob&limit=100')).body as {
    rows?: readonly { outcome: string; because: string; actor?: string; service: string; address: string }[];
  };
  const resets = rows.filter(({ outcome }) => outcome === 'reset-factor');
  assert.deepEqual(
    resets.map(({ actor, service, address, because }) => [actor, service, address, because]),
    [
      ['alice', 'web.sock', '192.0.2.7', reason],
      ['root', null, null, reason],
    ],
  );
});

test('the sole administrator cannot lock himself out, and of two who save at once the second is told', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const alice = new Browser(bench, 'alice');
  const put = (body: unknown, etag: string) =>
    alice.asks('PUT /api/v1/admin/policy', body, { 'If-Match': etag });
  const all = { scope: 'all', graceDays: 0 };
  says(await put({ ...all, force: true }, '"1"'), 409, { code: 'not-enrolled' });
  const cli = await bench.cli(['policy', 'set', '--scope', 'administrators', '--grace', '0', '--json']);
  assert.equal(cli.code, 1);
  assert.match(cli.out, /policy-would-strand.*alice is an administrator/);
  const forced = await bench.cli([
    'policy',
    'set',
    '--scope',
    'administrators',
    '--grace',
    '0',
    '--force',
    '--json',
  ]);
  assert.equal(forced.code, 0, forced.out);
  says(await bench.begin('alice'), 401, { outcome: 'enrol' });

  await alice.stepsUp(await bench.enrolled('alice'));
  says(await put(all, '"2"'), 200, { scope: 'all' });
  says(await put({ scope: 'none', graceDays: 0 }, '"2"'), 412, { code: 'policy-changed' });
  says(await put({ scope: 'specific', users: ['nobody-here'], graceDays: 0 }, '"3"'), 409, {
    code: 'policy-names-unknown',
  });
});
