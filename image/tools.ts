// Owns the programs that the image builder runs: which Debian package brings each, and what is said when one fails.

import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal } from './refusal.ts';

/** Debian's package of each program. */
const BROUGHT_BY: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  'arch-test': 'arch-test',
  chroot: 'coreutils',
  dd: 'coreutils',
  'dpkg-deb': 'dpkg',
  e2fsck: 'e2fsprogs',
  mcopy: 'mtools',
  mmd: 'mtools',
  'mkfs.vfat': 'dosfstools',
  mmdebstrap: 'mmdebstrap',
  mount: 'mount',
  'qemu-img': 'qemu-utils',
  sfdisk: 'fdisk',
  sha256sum: 'coreutils',
  tar: 'tar',
  umount: 'mount',
  zstd: 'zstd',
};

function isThere(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Throws a Refusal that names each program that is not on `path`, and the package that brings it. */
export function requireTools(programs: readonly string[], path: string): void {
  const missing = programs.filter((program) => !isThere(program, path));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => BROUGHT_BY[program] ?? program))];
  throw new Refusal(
    missing.map((program) => `${program} is missing (package ${BROUGHT_BY[program] ?? program}).`).join(' '),
    `Install them: apt-get install ${packages.join(' ')}`,
  );
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs one program to its end and gives back what it printed. A failure is a Refusal with its last words. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      input: options.input ?? '',
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (problem) {
    const { stderr, message } = problem as { stderr?: string; message: string };
    const words = (stderr || message).trim().split('\n').slice(-8).join('\n');
    throw new Refusal(
      `${program} failed:\n${words}`,
      'What it said is above; nothing was written to the output.',
    );
  }
}
