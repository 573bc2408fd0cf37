// Owns the proof that commands ask the daemon for exactly what was typed, and that programs can rely on the output.

import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import * as v from 'valibot';
import { run } from '../../daemon/cli/index.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { status } from '../../daemon/wire/admin.ts';
import {
  blind,
  type FakeDaemon,
  fakeDaemon,
  NO_BOARD,
  NOW,
  problem,
  type Script,
  type Typing,
  type,
} from './bench.ts';
import { alice, healthy, offer, recoveryCodes, rows, well } from './canned.ts';

const at = (daemon: FakeDaemon, line: string, typing?: Typing) =>
  type([...line.split(' '), '--root', daemon.root], typing);

test('--since is a date, a moment, or a time back from now', async () => {
  await using daemon = await fakeDaemon(well);
  const meant = {
    '3d': '2026-11-21T08:00:00.000Z',
    '12h': '2026-11-23T20:00:00.000Z',
    '30m': '2026-11-24T07:30:00.000Z',
    '2w': '2026-11-10T08:00:00.000Z',
    '2026-11-20': '2026-11-20T00:00:00.000Z',
    '2026-11-20T10:00:00+02:00': '2026-11-20T08:00:00.000Z',
    '2026-11-20T10:00:00Z': '2026-11-20T10:00:00.000Z',
  };
  for (const [typed, sent] of Object.entries(meant)) {
    assert.equal((await at(daemon, `audit --user alice --since ${typed}`)).code, 0);
    assert.deepEqual(daemon.asked.at(-1)?.query, { user: 'alice', since: sent, limit: '50' });
  }
  const before = daemon.asked.length;
  for (const wrong of ['yesterday', '3y', '2026-02-30', '2026-13-01', '2026-11-20T10:00:00', '-3d'])
    assert.equal((await at(daemon, `audit --since ${wrong}`)).code, 64, wrong);
  assert.equal(daemon.asked.length, before, 'nothing is asked before the line is understood');
});

test('audit reads on page by page, up to the limit', async () => {
  const all = Array.from({ length: 450 }, (_, i) => ({ ...rows[0], id: 450 - i }));
  const paged: Script = {
    audit: ({ query }) => {
      const older = all.filter((row) => row.id < Number(query.before ?? 9999));
      const page = older.slice(0, Number(query.limit));
      return { status: 200, body: { rows: page, next: page.length < older.length ? page.at(-1)?.id : null } };
    },
  };
  await using daemon = await fakeDaemon(paged);
  const lines = (await at(daemon, 'audit --jsonl')).stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).id),
    all.map((row) => row.id),
  );
  const limited = JSON.parse((await at(daemon, 'audit --json --limit 250')).stdout);
  assert.equal(limited.rows.length, 250);
  assert.equal(limited.next, 201);
  assert.deepEqual(
    daemon.asked.slice(-2).map(({ query }) => query),
    [{ limit: '200' }, { limit: '50', before: '251' }],
  );
});

test('a daemon that always names the same next page does not hold audit for ever', async () => {
  await using daemon = await fakeDaemon({ audit: () => ({ status: 200, body: { rows, next: 5 } }) });
  assert.equal((await at(daemon, 'audit --jsonl')).stdout.trimEnd().split('\n').length, 2 * rows.length);
});

test('a change of policy carries the version that was read, and keeps the grace that was', async () => {
  await using daemon = await fakeDaemon(well);
  await at(daemon, 'policy set --scope all');
  const change = daemon.asked.at(-1);
  const names = { users: [], groups: [], exceptUsers: [], exceptGroups: [] };
  assert.deepEqual(change?.body, { scope: 'all', ...names, graceDays: 14, force: false });
  assert.equal(change?.headers['if-match'], '"7"');
  await at(daemon, 'policy set --scope none --grace 0');
  assert.deepEqual(daemon.asked.at(-1)?.body, { scope: 'none', ...names, graceDays: 0, force: false });
  await at(
    daemon,
    'policy set --scope specific --user a --user b --group g --except c --except-group h --from 2026-12-24 --force',
  );
  assert.deepEqual(daemon.asked.at(-1)?.body, {
    scope: 'specific',
    users: ['a', 'b'],
    groups: ['g'],
    exceptUsers: ['c'],
    exceptGroups: ['h'],
    graceDays: 14,
    from: '2026-12-24T00:00:00.000Z',
    force: true,
  });
  const before = daemon.asked.length;
  for (const wrong of [
    '--scope all --grace 366',
    '--scope all --grace -1',
    '--scope all --grace x',
    '--scope all --from 2026-02-30',
    '--scope all --from soon',
    '--grace 3',
  ])
    assert.equal((await at(daemon, `policy set ${wrong}`)).code, 64, wrong);
  assert.equal(daemon.asked.length, before);
});

test('a reset asks first, and touches nothing unless the name was typed', async () => {
  await using daemon = await fakeDaemon(well);
  const line = 'user reset alice --reason lost';
  for (const typing of [{ tty: true, input: ['alicia'] }, { tty: true }, { input: ['alice'] }])
    assert.notEqual((await at(daemon, line, typing)).code, 0);
  assert.equal(daemon.asked.length, 0);
  await at(daemon, line, { tty: true, input: ['alice'] });
  await at(daemon, `${line} --yes`);
  await at(daemon, `${line} --failures`);
  assert.deepEqual(
    daemon.asked.map(({ params, body }) => [params.name, body]),
    ['factor', 'factor', 'failures'].map((what) => ['alice', { reason: 'lost', what }]),
  );
});

test('enrolling from a program is two lines out and one line in', async () => {
  await using daemon = await fakeDaemon(well);
  const { code, stdout, stderr } = await at(daemon, 'user enrol bob --json', { input: ['123456'] });
  const { account, secret, uri } = offer;
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { account, secret, uri },
      { outcome: 'enrolled', recoveryCodes },
    ],
  );
  assert.deepEqual([code, stderr], [0, '']);
});

test('a program gets one try, and no input is not a code', async () => {
  await using daemon = await fakeDaemon(well);
  for (const [input, error] of [
    [['111111', '123456'], 'enrolment-refused'],
    [[], 'cancelled'],
    [[''], 'malformed-code'],
  ] as const) {
    const { code, stdout } = await at(daemon, 'user enrol bob --json', { input });
    const [, outcome = ''] = stdout.trimEnd().split('\n');
    assert.deepEqual([code, JSON.parse(outcome).error.code], [1, error]);
  }
});

test('with --json every command prints documents, fails with one, and leaves standard error alone', async () => {
  const commands = [
    'status',
    'user list',
    'user show alice',
    'user show bbo',
    'user reset alice --reason x --yes',
    'user pass bob --reason x',
    'user recovery-codes bob',
    'policy show',
    'policy set --scope all',
    'audit',
    'version',
    'openapi',
    'user enrol alice',
    'nonsense',
    'user show',
    'audit --limit 0',
  ];
  await using daemon = await fakeDaemon(well);
  for (const root of [daemon.root, '/nowhere'])
    for (const command of commands) {
      const { code, stdout, stderr } = await type([...command.split(' '), '--json', '--root', root]);
      const document = JSON.parse(stdout);
      assert.equal(stderr, '', command);
      assert.equal(stdout.trimEnd().includes('\n'), false, command);
      if (code === 0 || command === 'status') continue;
      assert.deepEqual(Object.keys(document), ['error'], command);
      assert.deepEqual(Object.keys(document.error), ['code', 'message', 'hint'], command);
    }
});

test('status --json of a healthy daemon is the document of the contract', async () => {
  await using daemon = await fakeDaemon(well);
  const { stdout } = await at(daemon, 'status --json');
  assert.deepEqual(v.parse(status, JSON.parse(stdout)), healthy);
});

const EVIL = 'eve\x1b]0;owned\x07\x9b31m\u202e';
const evilUser = { ...alice, name: EVIL, recoveryCodes: 0, totpSuspended: true };
const hostile: Script = {
  status: () => ({
    status: 200,
    body: { ...healthy, line: EVIL, warnings: [{ code: EVIL, severity: 'warning', text: EVIL, hint: EVIL }] },
  }),
  users: () => ({ status: 200, body: { users: [evilUser] } }),
  user: () => ({ status: 200, body: evilUser }),
  enrolment: () => ({ status: 201, body: { ...offer, account: EVIL, secret: EVIL } }),
  enrolmentConfirm: () => ({ status: 201, body: { recoveryCodes: [EVIL] } }),
  pass: () => ({ status: 201, body: { pass: EVIL, expires: '2026-11-25T08:00:00Z' } }),
  policy: () => problem(500, 'internal', EVIL, EVIL),
  audit: () => ({ status: 200, body: { rows: [{ ...rows[0], user: EVIL }], next: null } }),
};

test('nothing that the daemon passes on can steer a terminal, neither as text nor as JSON', async () => {
  await using daemon = await fakeDaemon(hostile);
  const commands = ['status', 'user list', 'user show eve', 'user enrol eve', 'user pass eve --reason x'];
  for (const command of [...commands, 'policy show', 'audit', 'audit --jsonl'])
    for (const flags of ['', ' --json']) {
      const { screen } = await at(daemon, `${command}${flags}`, { input: ['123456'] });
      assert.match(screen, /eve/, command);
      assert.doesNotMatch(screen.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u, command);
    }
  assert.equal(JSON.parse((await at(daemon, 'audit --json')).stdout).rows[0].user, EVIL);
});

test('what was typed is printed as harmlessly', async () => {
  for (const argv of [
    [EVIL],
    ['user', EVIL],
    ['status', EVIL],
    [`--${EVIL}`, 'status'],
    ['audit', '--since', EVIL],
  ]) {
    const { code, screen } = await type(argv);
    assert.equal(code, 64);
    assert.doesNotMatch(screen.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  }
});

test('colours are for terminals that want them', async () => {
  await using daemon = await fakeDaemon(well);
  const coloured = async (typing: Typing) => (await at(daemon, 'status', typing)).stdout.includes('\x1b');
  assert.equal(await coloured({ tty: true }), true);
  assert.equal(await coloured({ tty: false }), false);
  assert.equal(await coloured({ tty: true, env: { NO_COLOR: '1' } }), false);
  assert.equal(await coloured({ tty: true, env: { TERM: 'dumb' } }), false);
});

test('flags may stand anywhere, and help is given for all of it', async () => {
  await using daemon = await fakeDaemon(well);
  assert.equal((await type(['--root', daemon.root, '--json', 'user', 'show', 'alice'])).code, 0);
  assert.equal((await type([`--root=${daemon.root}`, 'user', '--json', 'show', 'alice'])).code, 0);
  for (const line of [
    'help',
    '--help',
    '-h',
    'help user',
    'user --help',
    'help serve',
    'serve -h',
    'help user enrol',
    'user show -h',
  ])
    assert.deepEqual([line, (await type(line.split(' '))).code], [line, 0]);
  for (const line of [
    'help nonsense',
    'user show alice bob',
    'status alice',
    '--root',
    'status --root=',
    'status --json=1',
  ])
    assert.deepEqual([line, (await type(line.split(' '))).code], [line, 64]);
});

test('a reader that leaves early is no error', async () => {
  await using daemon = await fakeDaemon(well);
  const closed = () =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
  const code = await run(['audit', '--jsonl', '--root', daemon.root], {
    stdin: Readable.from([]),
    stdout: closed(),
    stderr: closed(),
    tty: { stdin: false, stdout: false, stderr: false },
    columns: undefined,
    env: {},
    hostname: 'fygo',
    version: '0.1.0',
    system: blind,
    random: systemRandom,
    offline: NO_BOARD,
    runtime: { node: '24.0.0' },
    packages: () => [{ name: 'koa', version: '3.0.0' }],
    now: () => NOW,
  });
  assert.equal(code, 0);
});
