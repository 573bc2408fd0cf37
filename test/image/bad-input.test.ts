// Tests that the builder refuses what it cannot build from, with what is wrong and the way out, and leaves nothing behind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { BUILD } from './images.ts';

function refusal(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stderr, stdout } = spawnSync(BUILD, words, {
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '1', ...env },
  });
  assert.equal(status, 1, stdout + stderr);
  assert.doesNotMatch(stderr, /\bat .*\.ts:\d+/);
  return stderr;
}

/** A folder that looks like a root file system for `architecture`. */
function tree(place: string, architecture: string): string {
  const base = join(place, `base-${architecture}`);
  mkdirSync(join(base, 'var/lib/dpkg'), { recursive: true });
  writeFileSync(
    join(base, 'var/lib/dpkg/status'),
    `Package: dpkg\nStatus: install ok installed\nArchitecture: ${architecture}\nVersion: 1\n\n`,
  );
  return base;
}

test('what is asked for', async (t) => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no target', [], /--target is missing.*\nChoose one of: rockchip, x86/],
    ['an unknown target', ['--target', 'sparc'], /no target "sparc"/],
    [
      'an unknown board',
      ['--target', 'rockchip', '--board', 'rock65'],
      /no board "rock65".*\n.*rock64, rockpro64/,
    ],
    ['no board', ['--target', 'rockchip'], /--board is missing/],
    ['a board on a PC', ['--target', 'x86', '--board', 'rock64'], /no board/],
    ['an unknown option', ['--target', 'x86', '--bord', 'a'], /--bord/],
    ['two bases', ['--target', 'x86', '--base', 'a', '--onto', 'b'], /exclude each other/],
    ['too small', ['--target', 'x86', '--size', '512'], /512 MiB is too small.*\n.*at least 1024/],
    ['not a size', ['--target', 'x86', '--size', 'big'], /too small/],
    ['a base that is not there', ['--target', 'x86', '--base', '/nonexistent'], /not there/],
    ['a vendor image that is not there', ['--target', 'x86', '--onto', '/nonexistent'], /not there/],
  ];
  for (const [name, words, expected] of cases) {
    await t.test(name, () => assert.match(refusal(words), expected));
  }
});

test('what is given', async (t) => {
  const place = mkdtempSync(join(tmpdir(), 'fygo-image-bad-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const output = join(place, 'out.img');
  const words = ['--target', 'x86', '--output', output, '--base'];

  await t.test('a base for another processor', () => {
    assert.match(refusal([...words, tree(place, 'arm64')]), /for arm64; this target needs amd64/);
  });
  await t.test('a folder that is not a root file system', () => {
    assert.match(refusal([...words, place]), /not a root file system/);
  });
  await t.test('a file that is not a tar', () => {
    const file = join(place, 'text.tar');
    writeFileSync(file, 'hello\n');
    assert.match(refusal([...words, file]), /not a root file system/);
  });
  await t.test('a package that is not one', () => {
    const file = join(place, 'x.deb');
    writeFileSync(file, 'hello\n');
    assert.match(refusal([...words, tree(place, 'amd64'), '--package', file]), /dpkg-deb failed/);
  });
  await t.test('a missing tool is named with its package', () => {
    const tools = dirname(process.execPath);
    const bare = refusal([...words, tree(place, 'amd64')], { PATH: `${tools}:${barePath(place)}` });
    assert.match(bare, /mmdebstrap is missing \(package mmdebstrap\)/);
    assert.match(bare, /mkfs\.vfat is missing \(package dosfstools\)/);
    assert.match(bare, /apt-get install .*mtools/);
  });
  assert.equal(existsSync(output), false);
});

/** A path with what the shell script itself needs, and nothing more. */
function barePath(place: string): string {
  const folder = join(place, 'bin');
  mkdirSync(folder);
  for (const program of ['sh', 'dirname', 'mkdir', 'cksum', 'env', 'cat']) {
    writeFileSync(join(folder, program), `#!/bin/sh\nexec /usr/bin/${program} "$@"\n`, { mode: 0o755 });
  }
  return folder;
}
