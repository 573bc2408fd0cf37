// Owns a Debian as docs/PAM.md sets it up: its lines in Debian's own PAM files, in a mount namespace of its own.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, ROOT } from './bench.ts';

/** Why there can be no such machine here, or undefined. */
export function withoutNamespaces(): string | undefined {
  const trial = spawnSync('unshare', [
    '--mount',
    '--propagation',
    'private',
    'mount',
    '-t',
    'tmpfs',
    'none',
    '/mnt',
  ]);
  return trial.status === 0 ? undefined : 'needs mount namespaces';
}

/** The block of docs/PAM.md with this label. */
export function block(label: string): string {
  const text = readFileSync(join(ROOT, 'docs', 'PAM.md'), 'utf8');
  const found = new RegExp(`^\`\`\`${label}\\n(.*?)^\`\`\`$`, 'ms').exec(text)?.[1];
  assert.ok(found, `docs/PAM.md has no block ${label}`);
  return found;
}

export type Inside = (command: readonly string[]) => string[];

export type Edits = Readonly<Record<string, (file: string) => string>>;

export const behind = (label: string) => (file: string) => {
  assert.match(file, /^@include common-auth$/m);
  return file.replace(/^@include common-auth$/m, `$&\n${block(label).trimEnd()}`);
};
export const insteadOf = (label: string) => (file: string) =>
  file.replace(/^@include common-auth\n/m, block(label));
export const aboveTheLast = (label: string) => (file: string) =>
  file.replace(/^auth {2}required/m, `${block(label)}$&`);

/** Makes of a command one that runs where /etc/pam.d is Debian's with these edits, and the module and its socket are where they belong. */
export function machine(bench: Bench, edits: Edits): Inside {
  const folder = mkdtempSync(join(bench.folder, 'machine-'));
  const pamd = join(folder, 'pam.d');
  cpSync('/etc/pam.d', pamd, { recursive: true });
  copyFileSync(join(ROOT, 'pam', 'profile', 'fygo-2fa'), join(pamd, 'fygo-2fa'));
  for (const [name, edit] of Object.entries(edits)) {
    const file = join(pamd, name);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
  const modules = dirnameOfModules();
  cpSync(modules, join(folder, 'security'), { recursive: true });
  copyFileSync(bench.module, join(folder, 'security', 'pam_fygo_2fa.so'));
  writeFileSync(join(folder, 'sudoers'), 'ALL ALL=(ALL) ALL\nDefaults !syslog, lecture=never\n', {
    mode: 0o440,
  });
  const setup = [
    `mount --bind ${pamd} /etc/pam.d`,
    `mount --bind ${join(folder, 'security')} ${modules}`,
    `mount --bind ${join(folder, 'sudoers')} /etc/sudoers`,
    'mount -t tmpfs -o mode=755 none /run && mkdir /run/sshd /run/fygo-2fa',
    `mount --bind ${join(bench.folder, 'run')} /run/fygo-2fa`,
    'exec "$@"',
  ].join(' && ');
  return (command) => ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', setup, 'sh', ...command];
}

function dirnameOfModules(): string {
  const multiarch = execFileSync('cc', ['-print-multiarch'], { encoding: 'utf8' }).trim();
  const folder = `/usr/lib/${multiarch}/security`;
  assert.ok(existsSync(join(folder, 'pam_unix.so')), folder);
  return folder;
}
