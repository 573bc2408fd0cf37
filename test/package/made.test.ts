// Owns the proof of what the packages are as files: the same bytes wherever they are made, and not too many of them.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { among, run } from '../executable/bench.ts';
import { missing, PACKAGE } from './machine.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const skip = missing();
const MOST = 32e6;

test('the same sources give the same package, wherever they lie', { skip }, (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'fygo-elsewhere-'));
  t.after(() => rmSync(elsewhere, { recursive: true, force: true }));
  const there = ['checkout', 'upper', 'work'].map((name) => join(elsewhere, name));
  for (const folder of there) mkdirSync(folder);
  const [checkout = '', upper = '', work = ''] = there;
  // This very checkout under another path: what a build writes there stays there.
  const layers = `lowerdir=${ROOT},upperdir=${upper},workdir=${work}`;
  const mounts = `mount -t overlay -o ${layers} none ${checkout}; cd ${checkout}`;
  const { code, said } = run(among(mounts, ['scripts/build-deb', '--arch', 'x64']));
  assert.equal(code, 0, said);
  const again = readFileSync(join(upper, 'dist', basename(PACKAGE)));
  assert.ok(again.equals(readFileSync(PACKAGE)), 'another package came out');
});

test('a package is at most 32 MB', { skip }, () => {
  for (const file of [PACKAGE, PACKAGE.replace('_amd64', '_arm64')]) assert.ok(statSync(file).size <= MOST);
});
