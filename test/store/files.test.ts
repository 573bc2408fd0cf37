// Owns the proof that a small file is replaced whole or not at all.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isThere, removeFile, replaceFile } from '../../daemon/store/files.ts';
import { temporaryFolder } from './board.ts';
import { limitFileSize, strace, withoutPrlimit, withoutStrace } from './system.ts';

const FILES = new URL('../../daemon/store/files.ts', import.meta.url).href;
const NOT_ROOT = process.getuid?.() === 0 ? false : 'only root can become somebody else';

test('the content and the mode are those that were asked for, whatever was there before', (t) => {
  const path = join(temporaryFolder(t), 'file');
  for (const mode of [0o400, 0o600, 0o640]) {
    replaceFile(path, `mode ${mode.toString(8)}`, mode);
    assert.equal(statSync(path).mode & 0o777, mode);
    assert.equal(readFileSync(path, 'utf8'), `mode ${mode.toString(8)}`);
  }
  replaceFile(path, Buffer.of(0, 255, 10), 0o600);
  assert.deepEqual(readFileSync(path), Buffer.of(0, 255, 10));
  assert.deepEqual(readdirSync(join(path, '..')), ['file']);
});

test("what a power cut left beside it is in nobody's way, even read-only", { skip: NOT_ROOT }, (t) => {
  const folder = temporaryFolder(t);
  const nobody = 65_534;
  chownSync(folder, nobody, nobody);
  const path = join(folder, 'master.key');
  writeFileSync(`${path}.new`, 'left');
  chmodSync(`${path}.new`, 0o400);
  chownSync(`${path}.new`, nobody, nobody);
  const script = `import { replaceFile } from ${JSON.stringify(FILES)}; replaceFile(process.argv[1], 'new', 0o400);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, path], {
    uid: nobody,
    gid: nobody,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(readFileSync(path, 'utf8'), 'new');
});

test('a link that somebody put where the temporary file goes is not followed', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'victim'), 'mine');
  symlinkSync(join(folder, 'victim'), join(folder, 'file.new'));
  replaceFile(join(folder, 'file'), 'new', 0o600);
  assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'mine');
  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'new');
});

test('on a full medium the old file stays, and the caller is told', { skip: withoutPrlimit() }, (t) => {
  const path = join(temporaryFolder(t), 'file');
  replaceFile(path, 'old', 0o600);
  // Like a disk with 4 KiB left: the first part of a write goes in, the rest does not.
  const restore = limitFileSize(4_096);
  try {
    assert.throws(() => replaceFile(path, 'x'.repeat(10_000), 0o600), { code: 'EFBIG' });
  } finally {
    restore();
  }
  assert.equal(readFileSync(path, 'utf8'), 'old');
  replaceFile(path, 'y'.repeat(10_000), 0o600);
  assert.equal(statSync(path).size, 10_000);
});

test('written, flushed, renamed, and the folder flushed: in this order', { skip: withoutStrace() }, (t) => {
  const path = join(temporaryFolder(t), 'file');
  const script = `import { replaceFile, removeFile } from ${JSON.stringify(FILES)};
    replaceFile(${JSON.stringify(path)}, 'content', 0o600);
    removeFile(${JSON.stringify(path)});`;
  const calls = strace(script, ['openat', 'write', 'fchmod', 'fsync', 'fdatasync', 'rename', 'unlink'], path);
  assert.deepEqual(calls, [
    'openat file.new',
    'write file.new',
    'fchmod file.new',
    'fsync file.new',
    'rename file.new file',
    'openat .',
    'fsync .',
    'unlink file',
    'openat .',
    'fsync .',
  ]);
});

test('removing what is not there is done already; what cannot be removed is told', (t) => {
  const folder = temporaryFolder(t);
  removeFile(join(folder, 'absent'));
  mkdirSync(join(folder, 'folder'));
  assert.throws(() => removeFile(join(folder, 'folder')), { code: /^(EISDIR|EPERM)$/ });
  replaceFile(join(folder, 'file'), '', 0o600);
  removeFile(join(folder, 'file'));
  assert.equal(existsSync(join(folder, 'file')), false);
});

test('a link to nowhere is there; what cannot be looked at is not "absent"', (t) => {
  const folder = temporaryFolder(t);
  assert.equal(isThere(join(folder, 'absent')), false);
  assert.equal(isThere(join(folder, 'no-folder', 'absent')), false);
  symlinkSync(join(folder, 'unmounted', 'state.db'), join(folder, 'link'));
  assert.equal(isThere(join(folder, 'link')), true);
  symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
  assert.throws(() => isThere(join(folder, 'loop', 'file')), { code: 'ELOOP' });
});

test('a folder that may not be looked into is not an empty one', { skip: NOT_ROOT }, (t) => {
  const folder = temporaryFolder(t);
  const shut = join(folder, 'shut');
  mkdirSync(shut, { mode: 0o700 });
  writeFileSync(join(shut, 'roster'), '');
  chmodSync(folder, 0o755);
  const script = `import { isThere } from ${JSON.stringify(FILES)};
    try { console.log(isThere(process.argv[1])); } catch (error) { console.log(error.code); }`;
  const argv = ['--input-type=module', '-e', script, join(shut, 'roster')];
  const said = execFileSync(process.execPath, argv, { uid: 65_534, gid: 65_534, encoding: 'utf8' });
  assert.equal(said, 'EACCES\n');
});
