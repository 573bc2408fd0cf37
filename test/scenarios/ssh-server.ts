// Owns a private sshd with password and second step, and a person who logs in there from a terminal.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Outcome, run } from '../pam/bench.ts';
import type { People } from '../pam/people.ts';

export interface SshPlan {
  /** Where its files lie. */
  readonly folder: string;
  readonly people: People;
  readonly users: readonly string[];
  /** The PAM module with its options. */
  readonly module: string;
}

/** What has to be seen, and the line that is typed then: `{code}` and `{next}` are the phone's. */
export type Step = readonly [seen: string, typed: string];

export type Login = (user: string, steps: readonly Step[], secret?: string) => Promise<Outcome>;

/** Starts the server; it ends with the test. */
export async function sshServer(t: TestContext, plan: SshPlan): Promise<Login> {
  const { folder, people, users, module } = plan;
  mkdirSync('/run/sshd', { recursive: true });
  const host = join(folder, 'host');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', host]);
  const known = join(folder, 'known_hosts');
  writeFileSync(known, `fygo ${readFileSync(`${host}.pub`, 'utf8')}`);
  // sshd takes its PAM service from its own name, so this one is a copy under a name of the test.
  const lines = `auth required pam_unix.so\nauth required ${module}\naccount required pam_unix.so\nsession required pam_permit.so\n`;
  const name = people.service(`fygo-test-sshd-real-${process.pid}`, lines);
  const program = join(folder, name);
  copyFileSync('/usr/sbin/sshd', program);
  chmodSync(program, 0o755);
  const port = await freePort();
  const config = join(folder, `${name}.conf`);
  writeFileSync(
    config,
    `ListenAddress 127.0.0.1\nPort ${port}\nHostKey ${host}\nPidFile none\nUsePAM yes
PasswordAuthentication no\nKbdInteractiveAuthentication yes\nAuthenticationMethods keyboard-interactive
StrictModes no\nPrintMotd no\nPrintLastLog no\nAllowUsers ${users.join(' ')}\n`,
  );
  const child = spawn(program, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`sshd left: ${log}`)));
    child.stderr.on('data', (text: Buffer) => {
      log += text.toString();
      if (log.includes('Server listening')) resolve();
    });
  });
  const settings = [
    'PreferredAuthentications=keyboard-interactive',
    'NumberOfPasswordPrompts=1',
    'IdentityAgent=none',
  ];
  settings.push(`UserKnownHostsFile=${known}`, 'HostKeyAlias=fygo');
  const ssh = [
    'ssh',
    '-F',
    '/dev/null',
    '-i',
    '/dev/null',
    '-p',
    String(port),
    ...settings.flatMap((one) => ['-o', one]),
  ];
  return (user, steps, secret = '') =>
    run(
      '/usr/bin/python3',
      [join(import.meta.dirname, 'person.py'), '40', ...ssh, `${user}@127.0.0.1`, 'echo came in'],
      {
        input: JSON.stringify(steps),
        env: {
          PATH: '/usr/bin:/usr/sbin:/bin:/sbin',
          LANG: 'C.UTF-8',
          LC_ALL: 'C.UTF-8',
          TERM: 'dumb',
          HOME: '/root',
          PHONE_SECRET: secret,
        },
      },
    );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
