// Owns which program the scenarios are about: the sources, or the executable that FYGO_2FA_PROGRAM names.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', 'daemon', 'main.ts');

const { FYGO_2FA_PROGRAM: named, FYGO_2FA_FAKETIME: preloaded } = process.env;

/** How the program is started: words before its own. */
export const PROGRAM: readonly [string, ...string[]] = named
  ? (named.split(' ') as [string, ...string[]])
  : [process.execPath, MAIN];

/** The library that gives it a wall clock of its own, for the program's processor; undefined where there is none. */
export function faketime(): string | undefined {
  if (preloaded) return preloaded;
  const path = '/usr/lib';
  return readdirSync(path)
    .map((triplet) => join(path, triplet, 'faketime', 'libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
}
