// Owns the proof that Debian's sshd asks for the second factor, behind a password and behind a key, and what its client shows.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { qrText } from '../../daemon/enrolment/qr.ts';
import { Bench, missing, type Outcome } from './bench.ts';
import { accepted, challenge, LOGIN, refused, type Script } from './fake-daemon.ts';
import { atTerminal, matchScreen, PASSWORD, People, type Step } from './people.ts';

const skip = missing('sshd', 'ssh', 'ssh-keygen', 'python3', 'useradd');
const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';

let bench: Bench;
let people: People;
let user: string;
let servers: Record<'password' | 'key', Sshd>;

interface Sshd {
  readonly port: number;
  readonly child: ChildProcess;
}

before(async () => {
  if (skip) return;
  bench = new Bench(false);
  people = new People();
  user = people.user('ssh');
  mkdirSync('/run/sshd', { recursive: true });
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(bench.folder, key)]);
  writeFileSync(
    join(bench.folder, 'known_hosts'),
    `fygo ${readFileSync(join(bench.folder, 'host.pub'), 'utf8')}`,
  );
  const line = `auth required ${bench.module} socket=${bench.socket} timeout=2`;
  const rest = 'account required pam_unix.so\nsession required pam_permit.so\n';
  servers = {
    password: await sshd('password', 'keyboard-interactive', `auth required pam_unix.so\n${line}\n${rest}`),
    key: await sshd('key', 'publickey,keyboard-interactive', `${line}\n${rest}`),
  };
});

after(async () => {
  for (const { child } of Object.values(servers ?? {})) {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
  people?.remove();
  bench?.remove();
});

/** sshd takes its PAM service from its own name, so each server is a copy under a name of this test. */
async function sshd(kind: string, methods: string, lines: string): Promise<Sshd> {
  const name = people.service(`fygo-test-sshd-${kind}-${process.pid}`, lines);
  const program = join(bench.folder, name);
  copyFileSync('/usr/sbin/sshd', program);
  chmodSync(program, 0o755);
  const port = await freePort();
  const keys = join(bench.folder, 'authorized_keys');
  copyFileSync(join(bench.folder, 'user.pub'), keys);
  const config = join(bench.folder, `${name}.conf`);
  writeFileSync(
    config,
    `ListenAddress 127.0.0.1\nPort ${port}\nHostKey ${join(bench.folder, 'host')}\nPidFile none\nUsePAM yes
PasswordAuthentication no\nKbdInteractiveAuthentication yes\nAuthenticationMethods ${methods}
AuthorizedKeysFile ${keys}\nStrictModes no\nPrintMotd no\nPrintLastLog no\nAllowUsers ${user}\n`,
  );
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  const listening = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`sshd left: ${log}`)));
    child.stderr.on('data', (text: Buffer) => {
      log += text.toString();
      if (log.includes('Server listening')) resolve();
    });
  });
  await listening;
  return { port, child };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

interface Visit {
  readonly server?: 'password' | 'key';
  readonly script?: Script | null;
  readonly steps: readonly Step[];
  readonly lang?: string;
}

async function visit(
  t: TestContext,
  { server = 'password', script, steps, lang = 'C.UTF-8' }: Visit,
): Promise<Outcome> {
  if (script !== null) {
    const daemon = await bench.daemon(script ?? { [BEGIN]: challenge(), [ANSWER]: accepted() });
    t.after(() => daemon.close());
  }
  const key = server === 'key' ? join(bench.folder, 'user') : '/dev/null';
  const methods = `PreferredAuthentications=${server === 'key' ? 'publickey,' : ''}keyboard-interactive`;
  const settings = [methods, 'NumberOfPasswordPrompts=1', 'IdentitiesOnly=yes', 'IdentityAgent=none'];
  settings.push(`UserKnownHostsFile=${join(bench.folder, 'known_hosts')}`, 'HostKeyAlias=fygo');
  const words = ['-F', '/dev/null', '-i', key, '-p', String(servers[server].port)];
  const command = ['ssh', ...words, ...settings.flatMap((setting) => ['-o', setting])];
  return atTerminal([...command, `${user}@127.0.0.1`, 'echo came in'], steps, { LANG: lang, LC_ALL: lang });
}

const password: Step = ['Password: ', PASSWORD];
const code = (typed: string): Step => ['recovery code): ', typed];
const cameIn = /^came in$/m;

test('password and code', { skip }, async (t) => {
  const { output, code: status } = await visit(t, { steps: [password, code('123456')] });
  assert.equal(status, 0, output);
  assert.match(output, cameIn);
  matchScreen('ssh-password-and-code', output, user);
});

test('key and code', { skip }, async (t) => {
  const { output, code: status } = await visit(t, { server: 'key', steps: [code('123456')] });
  assert.equal(status, 0, output);
  assert.match(output, cameIn);
  matchScreen('ssh-key-and-code', output, user);
});

test('three wrong codes: told why, and closed', { skip }, async (t) => {
  const script = { [BEGIN]: challenge(), [ANSWER]: refused('wrong-code') };
  const steps = [password, code('111111'), code('222222'), code('333333')];
  const { output, code: status } = await visit(t, { script, steps });
  assert.equal(status, 255);
  assert.doesNotMatch(output, cameIn);
  matchScreen('ssh-three-wrong-codes', output, user);
});

test('a wrong password is not made good by a right code', { skip }, async (t) => {
  const wrong: Step = ['Password: ', 'wrong'];
  const { output } = await visit(t, { steps: [wrong, code('123456')] });
  assert.doesNotMatch(output, cameIn);
});

async function enrolment(): Promise<Script> {
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const uri = `otpauth://totp/Fygo%20NAS:alice%40fygo?secret=${secret}&issuer=Fygo%20NAS`;
  const offer = {
    account: 'alice@fygo',
    issuer: 'Fygo NAS',
    secret,
    uri,
    qrSvg: '',
    qrText: await qrText(uri),
  };
  return {
    [BEGIN]: { status: 401, body: { outcome: 'enrol', login: LOGIN, expires: '2026-11-24T08:15:00.000Z' } },
    '/v1/login/enrol': { status: 201, body: offer },
    '/v1/login/enrol/confirm': accepted({ recoveryCodes: ['7K3M-9QXA-0F2T-VW4H', 'PXA0-F2TV-W4H7-K3M9'] }),
  };
}

const firstCode: Step = ['shows now: ', '123456'];
const noted: Step = ['noted them: ', ''];

test('enrolment during the login draws the picture in the client’s terminal', { skip }, async (t) => {
  const steps = [password, firstCode, noted];
  const { output, code: status } = await visit(t, { script: await enrolment(), steps });
  assert.equal(status, 0, output);
  assert.match(output, cameIn);
  matchScreen('ssh-enrol', output, user);
});

test('a client without UTF-8 sees escapes for the picture, and the key in plain letters', {
  skip,
}, async (t) => {
  const steps = [password, firstCode, noted];
  const { output } = await visit(t, { script: await enrolment(), steps, lang: 'C' });
  assert.match(output, /\\342\\226\\210/);
  assert.match(output, /^Secret Key: JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP$/m);
  assert.match(output, cameIn);
});

test('no socket: told, and closed', { skip }, async (t) => {
  const { output, code: status } = await visit(t, { script: null, steps: [password] });
  assert.equal(status, 255);
  assert.doesNotMatch(output, cameIn);
  matchScreen('ssh-no-daemon', output, user);
});

test('a daemon that hangs: told after the time-out, and closed', { skip }, async (t) => {
  const script = { [BEGIN]: 'hang' } as const;
  const { output } = await visit(t, { server: 'key', script, steps: [] });
  assert.doesNotMatch(output, cameIn);
  matchScreen('ssh-daemon-hangs', output, user);
});

test('a daemon that stops between the password and the code: told, and closed', { skip }, async (t) => {
  const script = { [BEGIN]: challenge(), [ANSWER]: 'close' } as const;
  const { output } = await visit(t, { script, steps: [password, code('123456')] });
  assert.doesNotMatch(output, cameIn);
  matchScreen('ssh-daemon-stops', output, user);
});

test('denied: told what to do', { skip }, async (t) => {
  const script = { [BEGIN]: { status: 403, body: { outcome: 'deny', because: 'state-lost' } } };
  const { output } = await visit(t, { script, steps: [password] });
  assert.doesNotMatch(output, cameIn);
  matchScreen('ssh-denied', output, user);
});
