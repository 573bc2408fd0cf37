// Owns the proof of what follows when the medium fails a flush: nothing is believed until it was opened again.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { temporaryFolder } from './board.ts';
import { withoutStrace } from './system.ts';

const SCRIPT = new URL('./fail-flush.ts', import.meta.url).pathname;

test('a flush that fails: refused, closed to everybody for a second, then opened and well again', {
  skip: withoutStrace(),
}, (t) => {
  const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=fdatasync:error=EIO:when=2'];
  const argv = [...inject, process.execPath, SCRIPT, temporaryFolder(t)];
  const { stdout, stderr } = spawnSync('strace', argv, { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout), {
    first: 'done',
    second: 'store-unavailable',
    'a read at once': 'store-unavailable',
    'a write at once': 'store-unavailable',
    'writable at once': false,
    'a write a second later': 'done',
    'who is known': ['alice', 'carol'],
    'what was refused, if it is there': 'whole',
  });
});
