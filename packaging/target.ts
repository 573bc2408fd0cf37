// Owns the processors that the executable is built for, and what each is called by whom.

import { join } from 'node:path';

export interface Target {
  /** As Node calls it. */
  readonly arch: 'x64' | 'arm64';
  /** As Debian calls it. */
  readonly debian: 'amd64' | 'arm64';
  /** The GNU tools for it, by their prefix. */
  readonly triplet: 'x86_64-linux-gnu' | 'aarch64-linux-gnu';
  /** What runs its programs on the machine that builds (x86-64); empty for its own. */
  readonly runner: readonly string[];
}

export const ROOT = join(import.meta.dirname, '..');
export const DIST = join(ROOT, 'dist');

export const TARGETS: readonly Target[] = [
  { arch: 'x64', debian: 'amd64', triplet: 'x86_64-linux-gnu', runner: [] },
  {
    arch: 'arm64',
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    runner: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'],
  },
];

/** Where the executable for a processor is put. */
export function executableOf({ arch }: Target): string {
  return join(DIST, `fygo-2fa-linux-${arch}`);
}

/** A folder for what is made on the way. */
export function workshopOf({ arch }: Target): string {
  return join(ROOT, '.dev', 'build', arch);
}

/** A file of a package that the executable is built with. */
export function packaged(...path: readonly string[]): string {
  return join(import.meta.dirname, 'node_modules', ...path);
}
