// Owns the images that these tests boot: built by the very command that a release is built with.

import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

const SETTINGS: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  env: { ...process.env, SOURCE_DATE_EPOCH: EPOCH },
  stdio: ['ignore', 'pipe', 'inherit'],
};

function argumentsOf(target: Target, output: string, more: readonly string[]): readonly string[] {
  const words = more.includes('--loader') ? ['--target', target] : WORDS[target];
  return [...words, '--drivers', 'virtual', '--login', 'ssh', '--output', output, ...more];
}

/** Runs the builder; what it printed. */
export function build(target: Target, output: string, ...more: readonly string[]): string {
  return execFileSync(BUILD, argumentsOf(target, output, more), SETTINGS);
}

/** The image of a target, built once a run: another test that comes meanwhile waits for it. */
export function image(target: Target): string {
  const file = join(BUILT, `${target}.img`);
  mkdirSync(BUILT, { recursive: true });
  const unlessThere = ['sh', '-c', 'test -e "$0" || exec "$@"', file, BUILD];
  execFileSync('flock', [`${file}.lock`, ...unlessThere, ...argumentsOf(target, file, [])], SETTINGS);
  return file;
}

/** A folder on a disk, because media are large; gone with the test. */
export function folder(t: TestContext): string {
  const place = mkdtempSync(join(tmpdir(), 'fygo-image-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  return place;
}
