// Owns the proof that the package for arm64 is one: installed, used, removed and purged on a Debian of that processor, which
// qemu-user runs in a chroot.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../executable/bench.ts';
import { call } from '../scenarios/client.ts';
import { VERSION } from './machine.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BASE = join(ROOT, '.dev/machines/arm64');
const PACKAGE = join(ROOT, `dist/fygo-2fa_${VERSION}_arm64.deb`);
const absent = [BASE, PACKAGE].filter((file) => !existsSync(file));
const skip = absent.length > 0 ? `needs ${absent.join(', ')} (scripts/test-package)` : false;

/** A clean system to change the root to; it is forgotten with the test. */
function system(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-arm64-'));
  const at = (name: string) => join(folder, name);
  mkdirSync(at('disk'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600M', 'fygo-arm64', at('disk')]);
  for (const name of ['disk/upper', 'disk/work', 'root']) mkdirSync(at(name));
  const layers = `lowerdir=${BASE},upperdir=${at('disk/upper')},workdir=${at('disk/work')}`;
  execFileSync('mount', ['-t', 'overlay', '-o', layers, 'fygo-arm64', at('root')]);
  execFileSync('mount', ['-t', 'proc', 'proc', at('root/proc')]);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', at('root/dev/shm')]);
  t.after(() => {
    for (const name of ['root/dev/shm', 'root/proc', 'root', 'disk'])
      execFileSync('umount', ['--lazy', at(name)]);
    rmSync(folder, { recursive: true, force: true });
  });
  return at('root');
}

const within = (root: string, words: readonly string[]) => [
  'chroot',
  root,
  'env',
  '-i',
  'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  'LC_ALL=C.UTF-8',
  'DEBIAN_FRONTEND=noninteractive',
  ...words,
];

/** Runs a shell script in the system that has to succeed; what it printed. */
function does(root: string, script: string): string {
  const { code, said } = run(within(root, ['sh', '-c', `exec 2>&1; ${script}`]));
  assert.equal(code, 0, `${script}\n${said}`);
  return said;
}

test('the package for arm64 is installed, serves, and is purged without a trace in PAM', {
  skip,
}, async (t) => {
  const root = system(t);
  copyFileSync(PACKAGE, join(root, 'package.deb'));
  does(root, 'dpkg -i /package.deb');
  const { version, runtime } = JSON.parse(does(root, 'fygo-2fa version --json'));
  assert.equal(version, VERSION);
  assert.equal(runtime.node, process.versions.node);
  // A module that is built for another processor, or lacks a library, is told of by the loader.
  const module = '/usr/lib/aarch64-linux-gnu/security/pam_fygo_2fa.so';
  assert.equal(does(root, `test -s ${module} && LD_PRELOAD=${module} /bin/true`), '');

  mkdirSync(join(root, 'srv/etc'), { recursive: true });
  writeFileSync(join(root, 'srv/etc/passwd'), 'alice:x:1000:1000::/home/alice:/bin/sh\n');
  writeFileSync(join(root, 'srv/etc/group'), 'users:x:1000:\n');
  const servers = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');
  writeFileSync(join(root, 'srv/etc/config.toml'), `[clock]\nservers = [${servers}]\n`);
  const [command = '', ...words] = within(root, ['fygo-2fa', 'serve', '--root', '/srv']);
  const daemon = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(daemon, 'exit');
  t.after(() => daemon.kill('SIGKILL'));
  for await (const part of daemon.stdout) if (String(part).includes('ready')) break;
  const body = { user: 'alice', service: 'web' };
  const reply = await call({ socket: join(root, 'srv/run/login.sock'), path: '/v1/login/begin', body });
  assert.equal(reply.status, 200);
  assert.equal(reply.body.because, 'not-enrolled');
  daemon.kill('SIGTERM');
  assert.equal((await ended)[0], 0);

  const lines = "grep -rsE '^[^#]*pam_fygo_2fa' /etc/pam.d; :";
  does(root, 'pam-auth-update --enable fygo-2fa');
  assert.match(does(root, lines), /common-auth:.*pam_fygo_2fa\.so/);
  does(root, 'dpkg --remove fygo-2fa');
  assert.equal(does(root, lines), '');
  does(root, 'dpkg --purge fygo-2fa');
  assert.equal(does(root, `${lines.replace('; :', '')}; ls ${module} /usr/bin/fygo-2fa 2>/dev/null; :`), '');
});
