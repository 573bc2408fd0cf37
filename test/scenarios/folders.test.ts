// Owns the proof that who belongs to a socket's group can reach it, and that nobody else can reach the state.

import assert from 'node:assert/strict';
import { rmSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';

const skip = lacking();

test('the sockets’ folder is open to pass through, the state and the lock are not', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.stop();
  rmSync(bench.file('run'), { recursive: true });
  await bench.start();
  const mode = (...path: string[]) => (statSync(bench.file(...path)).mode & 0o777).toString(8);
  assert.equal(mode('run'), '755');
  assert.deepEqual(
    ['login.sock', 'web.sock', 'admin.sock', 'lock'].map((name) => mode('run', name)),
    ['660', '660', '600', '600'],
  );
  assert.deepEqual([mode('var'), mode('var', 'key')], ['700', '700']);
});
