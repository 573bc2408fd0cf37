// Owns that the pages the tests look at are those of the sources: built once, and again when something changed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/pages.json');
const SOURCES = [
  'daemon/pages',
  'scripts/build-pages.ts',
  'scripts/lib/manual.ts',
  'docs/TROUBLESHOOTING.md',
  'docs/TROUBLESHOOTING.zh-CN.md',
  'package-lock.json',
];

/** Several test files start at once: each builds where nobody has, and the file is put in place whole. */
export function buildPages(): void {
  if (existsSync(BUILT) && newest() < statSync(BUILT).mtimeMs) return;
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build-pages.ts')], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
}

function newest(): number {
  const files = SOURCES.flatMap((source) => {
    const path = join(ROOT, source);
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    return [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))];
  });
  return Math.max(...files.filter((file) => existsSync(file)).map((file) => statSync(file).mtimeMs));
}
