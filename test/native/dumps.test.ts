// Owns the test that a process can keep itself out of core dumps.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** A child says whether the kernel would dump it (prctl 3: PR_GET_DUMPABLE), before and after. */
const CHILD = `
  const { libc } = await import('./daemon/native/libc.ts');
  const { forbidDumps } = await import('./daemon/native/dumps.ts');
  const ask = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
  const before = ask(3, 0, 0, 0, 0);
  forbidDumps();
  console.log(before, ask(3, 0, 0, 0, 0));
`;

test('the process takes itself out of core dumps', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', CHILD], { encoding: 'utf8' });
  assert.equal(said, '1 0\n');
});
