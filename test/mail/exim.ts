// Owns a mail server as there are many: Debian's Exim on loopback, with TLS, STARTTLS, a password and a mailbox.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Certificates } from './certificates.ts';

export const USER = 'nas@example.com';
export const PASSWORD = 'right password';

/** Why there can be no such server here; `false` where it can. */
export const lackingExim: string | false = !existsSync('/usr/sbin/exim4')
  ? 'needs Debian exim4-daemon-light'
  : process.getuid?.() === 0
    ? false
    : 'needs root';

export interface Exim {
  /** STARTTLS. */
  readonly port: number;
  /** TLS from the start. */
  readonly tlsPort: number;
  /** The letters in the mailbox, oldest first. */
  letters(): string[];
  /** Resolves when that many are there. */
  arrived(count: number): Promise<void>;
}

/** Lies in the folder of the certificates, and goes with the test. */
export async function exim(t: TestContext, { folder }: Certificates): Promise<Exim> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const { uid, gid } = mailUser();
  const [spool, box] = [join(folder, 'spool'), join(folder, 'mail')];
  for (const own of [spool, box, join(box, 'new'), join(box, 'cur'), join(box, 'tmp'), folder]) {
    mkdirSync(own, { recursive: true });
    chownSync(own, uid, gid);
  }
  for (const file of ['good.pem', 'good.key']) chownSync(join(folder, file), uid, gid);
  writeFileSync(join(folder, 'exim.conf'), configuration(folder, port, tlsPort));
  const words = ['-bdf', '-C', join(folder, 'exim.conf')];
  const child = spawn('/usr/sbin/exim4', words, {
    uid,
    gid,
    stdio: 'ignore',
    env: { PATH: process.env.PATH },
  });
  t.after(() => stop(child));
  await listening(port, child);
  const fresh = join(box, 'new');
  const letters = () =>
    readdirSync(fresh)
      .sort()
      .map((name) => readFileSync(join(fresh, name), 'utf8'));
  return {
    port,
    tlsPort,
    letters,
    arrived: async (count) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => letters().length >= count && resolve();
      const watcher = watch(fresh, look);
      look();
      await promise;
      watcher.close();
    },
  };
}

function configuration(folder: string, port: number, tlsPort: number): string {
  return `spool_directory = ${folder}/spool
log_file_path = ${folder}/spool/%slog
pid_file_path = ${folder}/spool/exim.pid
primary_hostname = localhost
keep_environment =
daemon_smtp_ports = ${port} : ${tlsPort}
tls_on_connect_ports = ${tlsPort}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = ${folder}/good.pem
tls_privatekey = ${folder}/good.key
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = check
acl_smtp_data = accept
host_lookup =
rfc1413_hosts =
deliver_drop_privilege = true
begin acl
check:
  deny message = 5.7.1 sign in first
       !authenticated = *
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if and {{eq{$auth2}{${USER}}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
  server_prompts = :
`;
}

function mailUser(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('Debian-exim:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves when somebody takes connections there. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the mail server ended');
    const socket = connect(port, '127.0.0.1');
    const there = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (there) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}
