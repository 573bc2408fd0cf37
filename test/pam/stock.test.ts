// Owns the proof that the lines of docs/PAM.md work as they stand, with Debian's own PAM files, sshd, login, su and sudo.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { Bench, missing, type Outcome, ROOT, run } from './bench.ts';
import { accepted, challenge, type FakeDaemon, refused } from './fake-daemon.ts';
import {
  aboveTheLast,
  behind,
  block,
  type Inside,
  insteadOf,
  machine,
  withoutNamespaces,
} from './machine.ts';
import { atTerminal, matchScreen, PASSWORD, People, type Step } from './people.ts';

const tools = [
  'sshd',
  'ssh',
  'ssh-keygen',
  'su',
  'sudo',
  'login',
  'pamtester',
  'python3',
  'useradd',
  'unshare',
  'setpriv',
];
const skip = missing(...tools) ?? withoutNamespaces();
const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';

let bench: Bench;
let people: People;
let anna: string;
let bert: string;
let servers = 0;

before(() => {
  if (skip) return;
  bench = new Bench(false);
  people = new People();
  anna = people.user('anna');
  bert = people.user('bert');
});
after(() => {
  people?.remove();
  bench?.remove();
});

async function daemon(t: TestContext, ...answers: ReturnType<typeof accepted>[]): Promise<FakeDaemon> {
  const started = await bench.daemon({ [BEGIN]: challenge(), [ANSWER]: answers });
  t.after(() => started.close());
  return started;
}

const password: Step = ['assword: ', PASSWORD];
const code = (typed: string): Step => ['recovery code): ', typed];
const as = (user: string, ...command: string[]) => [
  'setpriv',
  `--reuid=${user}`,
  `--regid=${user}`,
  '--init-groups',
  ...command,
];
const services = (started: FakeDaemon) =>
  started.asked.filter(({ path }) => path === BEGIN).map(({ body }) => body.service);

test('su asks for the factor of the user it becomes', { skip }, async (t) => {
  const started = await daemon(t, refused('wrong-code'), accepted());
  const inside = machine(bench, { su: behind('pam console') });
  const command = inside(as(anna, 'su', bert, '-c', 'echo now $(id -un)'));
  const { output, code: status } = await atTerminal(command, [password, code('111111'), code('123456')]);
  assert.equal(status, 0, output);
  assert.match(output, new RegExp(`^now ${bert}$`, 'm'));
  matchScreen('su', output.replaceAll(bert, 'bert'), anna);
  assert.deepEqual([services(started), started.asked[0]?.body.user], [['su'], bert]);
});

test('sudo asks the person who runs it; three wrong codes end it', { skip }, async (t) => {
  const started = await daemon(
    t,
    refused('wrong-code'),
    refused('wrong-code'),
    refused('wrong-code'),
    accepted(),
  );
  const inside = machine(bench, { sudo: behind('pam console') });
  const command = inside(as(anna, 'sudo', '-k', 'id', '-u'));
  const first: Step = ['password for', PASSWORD];
  const wrong = [code('111111'), code('222222'), code('333333')];
  const { output, code: status } = await atTerminal(command, [first, ...wrong, first, code('123456')]);
  assert.equal(status, 0, output);
  assert.match(output, /^0$/m);
  matchScreen('sudo', output, anna);
  assert.deepEqual([services(started), started.asked[0]?.body.user], [['sudo', 'sudo'], anna]);
});

test('pamtester, which knows nothing of this module, is let in by a right code only', { skip }, async (t) => {
  const started = await daemon(
    t,
    accepted(),
    refused('used-code'),
    refused('used-code'),
    refused('used-code'),
  );
  const inside = machine(bench, { sudo: behind('pam console') });
  const command = inside(['pamtester', 'sudo', anna, 'authenticate']);
  const right = await atTerminal(command, [password, code('123456')]);
  assert.equal(right.code, 0, right.output);
  assert.match(right.output, /^pamtester: successfully authenticated$/m);
  const again = [code('123456'), code('123456'), code('123456')];
  const used = await atTerminal(command, [password, ...again]);
  assert.equal(used.code, 1, used.output);
  assert.match(used.output, /^pamtester: Authentication failure$/m);
  assert.deepEqual(services(started), ['sudo', 'sudo']);
});

test('the console asks; root on a network terminal is no exception', { skip }, async (t) => {
  const started = await daemon(t, accepted());
  const inside = machine(bench, { login: behind('pam console') });
  const visit = (user: string, steps: Step[]) => atTerminal(inside(['login', user]), steps);
  const leave: Step = ['$ ', 'exit'];
  const { output } = await visit(bert, [password, code('123456'), leave]);
  matchScreen('login', firstLines(output), bert);
  assert.deepEqual(services(started), ['login']);
});

/** Up to the greeting, which is not ours. */
function firstLines(screen: string): string {
  return screen.slice(0, screen.indexOf('\n', screen.indexOf('recovery code): ')) + 1);
}

for (const [tty, service, asked] of [
  ['tty1', 'login', 0],
  ['ttyS2', 'login', 0],
  ['pts/3', 'login', 1],
  ['tty1', 'su', 1],
] as const) {
  test(`the shipped profile ${asked ? 'asks' : 'exempts'} root at ${service} on ${tty}`, {
    skip,
  }, async (t) => {
    const started = await daemon(t, accepted());
    const profile = readFileSync(join(ROOT, 'pam', 'profile', 'fygo-2fa'), 'utf8');
    const lines = `auth required pam_permit.so\n${profile.replace('pam_fygo_2fa.so', 'MODULE')}`;
    const plan = { lines, user: 'root', service, driver: ['-y', tty], answers: ['123456'] };
    const { output } = await bench.login(plan);
    assert.match(output, /^result: 0 /m);
    assert.equal(services(started).length, asked);
    const other = await bench.login({ ...plan, user: bert });
    assert.match(other.output, /^result: 0 /m);
    assert.equal(services(started).length, asked + 1, 'another user is asked everywhere');
  });
}

test('exempting a group and a service', { skip }, async (t) => {
  const started = await daemon(t, accepted());
  const su = behind('pam console');
  const command = as(anna, 'su', bert, '-c', 'echo came in');
  execFileSync('groupadd', ['--force', 'backup-machines']);
  t.after(() => spawnSync('groupdel', ['backup-machines']));
  const byGroup = machine(bench, { su, 'fygo-2fa': aboveTheLast('pam exempt-group') });
  assert.match((await atTerminal(byGroup(command), [password, code('123456')])).output, /came in/);
  assert.equal(services(started).length, 1, 'not in the group');
  execFileSync('usermod', ['-a', '-G', 'backup-machines', bert]);
  assert.match((await atTerminal(byGroup(command), [password])).output, /came in/);
  const byService = machine(bench, { su, 'fygo-2fa': aboveTheLast('pam exempt-service') });
  assert.match((await atTerminal(byService(command), [password])).output, /came in/);
  assert.equal(services(started).length, 1, 'exempt');
});

test('passwd tells the daemon, once the password is a new one', { skip }, async (t) => {
  const started = await bench.daemon({ '/v1/account-event': { status: 202 } });
  t.after(() => started.close());
  const inside = machine(bench, { 'common-password': (file) => `${file}${block('pam password')}` });
  const steps: Step[] = [
    ['Current password: ', PASSWORD],
    ['New password: ', 'Tr0ub4dor and more'],
    ['Retype new password: ', 'Tr0ub4dor and more'],
  ];
  const { output, code: status } = await atTerminal(inside(as(anna, 'passwd')), steps);
  t.after(() => execFileSync('chpasswd', { input: `${anna}:${PASSWORD}\n` }));
  assert.equal(status, 0, output);
  assert.deepEqual(started.asked, [
    { path: '/v1/account-event', body: { user: anna, event: 'password-changed' } },
  ]);
});

interface Server {
  readonly ssh: readonly string[];
}

/** Debian's sshd with its own PAM file, for one connection (inetd mode): no port, no process left behind. */
function sshd(inside: Inside, config: string): Server {
  const file = (name: string) => join(bench.folder, name);
  if (!existsSync(file('host')))
    for (const key of ['host', 'user'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)]);
  const name = `sshd-${++servers}.conf`;
  const own = `HostKey ${file('host')}\nAuthorizedKeysFile ${file('user.pub')}\nStrictModes no\nPrintLastLog no\n`;
  writeFileSync(file(name), `${own}${config}`);
  writeFileSync(file('known_hosts'), `fygo ${readFileSync(file('host.pub'), 'utf8')}`);
  const proxy = inside(['/usr/sbin/sshd', '-i', '-f', file(name)]).map((word) => `'${word}'`);
  const script = file(`${name}.sh`);
  writeFileSync(script, `#!/bin/sh\nexec ${proxy.join(' ')}\n`, { mode: 0o755 });
  const settings = [
    `ProxyCommand=${script}`,
    `UserKnownHostsFile=${file('known_hosts')}`,
    'HostKeyAlias=fygo',
  ];
  settings.push('NumberOfPasswordPrompts=1', 'IdentitiesOnly=yes', 'IdentityAgent=none');
  return { ssh: ['ssh', '-F', '/dev/null', '-i', file('user'), ...settings.flatMap((one) => ['-o', one])] };
}

const comeIn = (
  server: Server,
  user: string,
  steps: readonly Step[],
  more: readonly string[] = [],
): Promise<Outcome> => atTerminal([...server.ssh, ...more, `${user}@fygo`, 'echo came in'], steps);

test('sshd with Debian’s stack: password and code, and not by the password method', { skip }, async (t) => {
  const started = await daemon(t, accepted());
  const inside = machine(bench, { sshd: behind('pam sshd-password') });
  const good = sshd(inside, block('sshd_config password'));
  const entered = await comeIn(good, anna, [password, code('123456')]);
  assert.match(entered.output, /^came in$/m);
  assert.deepEqual([services(started), started.asked[0]?.body.user], [['sshd'], anna]);

  const careless = sshd(inside, 'UsePAM yes\nPasswordAuthentication yes\n');
  const before = started.asked.length;
  const refusedOne = await comeIn(careless, anna, [password], ['-o', 'PreferredAuthentications=password']);
  assert.doesNotMatch(refusedOne.output, /came in/);
  const later = started.asked.slice(before);
  assert.deepEqual(
    [...new Set(later.map(({ path }) => path))],
    [BEGIN],
    'the password never reaches the daemon',
  );
});

test('sshd with Debian’s stack: key and code; a key alone for machines', { skip }, async (t) => {
  const started = await daemon(t, accepted());
  const inside = machine(bench, { sshd: insteadOf('pam sshd-key') });
  const config = `${block('sshd_config key')}${block('sshd_config machine').replace('Group backup-machines', `User ${bert}`)}`;
  const server = sshd(inside, config);
  const entered = await comeIn(server, anna, [code('123456')]);
  assert.match(entered.output, /^came in$/m);
  assert.equal(services(started).length, 1);
  const machineIn = await run('sh', ['-c', '"$@" 2>&1', 'sh', ...server.ssh, `${bert}@fygo`, 'echo came in']);
  assert.match(machineIn.output, /^came in$/m);
  assert.equal(services(started).length, 1, 'nobody is asked after a mere key');
});
