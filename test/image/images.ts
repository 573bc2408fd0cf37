// Owns the images that these tests boot: built by the very command that a release is built with.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Target } from '../../image/arguments.ts';

export const PROJECT = join(import.meta.dirname, '..', '..');
/** Kept between runs, because emulation makes building slow: the runner empties it. */
const BUILT = join(PROJECT, '.dev/image/test');

/** Any moment, the same for all. */
export const EPOCH = '1760000000';
export const BUILD = join(PROJECT, 'image/build');

const WORDS: Readonly<Record<Target, readonly string[]>> = {
  rockchip: ['--target', 'rockchip', '--board', 'rock64'],
  x86: ['--target', 'x86'],
};

/** Runs the builder; what it printed. */
export function build(target: Target, output: string, ...more: readonly string[]): string {
  const { FYGO_IMAGE_PACKAGES: packages } = process.env;
  const architecture = target === 'x86' ? 'amd64' : 'arm64';
  const given = packages === undefined ? [] : ['--package', join(packages, `fygo-2fa_${architecture}.deb`)];
  return execFileSync(
    BUILD,
    [...WORDS[target], '--drivers', 'virtual', '--login', 'ssh', '--output', output, ...given, ...more],
    {
      encoding: 'utf8',
      env: { ...process.env, SOURCE_DATE_EPOCH: EPOCH },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
}

/** The image of a target, built once a run. */
export function image(target: Target): string {
  const file = join(BUILT, `${target}.img`);
  if (!existsSync(file)) build(target, file);
  return file;
}

/** A folder on a disk, because media are large; gone with the test. */
export function folder(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), 'fygo-image-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  return place;
}
