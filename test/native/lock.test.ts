// Owns the test of the lock: one process has it, and its death gives it back.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../../daemon/native/lock.ts';

const HOLDER = `
  const { takeLock } = await import('./daemon/native/lock.ts');
  console.log(takeLock(process.argv[1]));
  process.stdin.resume();
`;

test('only one process has the lock, and kill -9 gives it back', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lock');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  assert.equal(said.toString(), 'true\n');
  assert.equal(takeLock(path), false);
  holder.kill('SIGKILL');
  await ended;
  assert.equal(takeLock(path), true);
});
