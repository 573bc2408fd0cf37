// Owns the root file system that machines boot from: built once for each list of packages, and then only read.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES } from './packages.ts';

export const PROJECT = join(import.meta.dirname, '..', '..');
export const KEPT = join(PROJECT, '.dev', 'machine');

const SUITE = 'bookworm';
/** Who reads a manual in there? */
const LEFT_OUT = ['man', 'doc', 'locale', 'info'].map(
  (part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`,
);

/** The folder of the root file system; built first where it is not there. */
export function rootfs(): string {
  const names = PACKAGES.map(([name]) => name);
  const hash = createHash('sha256')
    .update(`${SUITE}\n${names.join('\n')}`)
    .digest('hex')
    .slice(0, 12);
  const place = join(KEPT, `rootfs-${hash}`);
  if (existsSync(place)) return place;
  mkdirSync(KEPT, { recursive: true });
  for (const old of readdirSync(KEPT)) {
    if (old.startsWith('rootfs-')) rmSync(join(KEPT, old), { recursive: true, force: true });
  }
  const building = mkdtempSync(join(KEPT, 'building-'));
  try {
    const options = ['--variant=minbase', '--mode=root', `--include=${names.join(',')}`, ...LEFT_OUT];
    execFileSync('mmdebstrap', ['--quiet', ...options, SUITE, building], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(building, place);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return place;
}

if (import.meta.main) rootfs();
