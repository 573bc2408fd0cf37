// Owns the tests of whose request is taken up next.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rota } from '../../daemon/sockets/rota.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('who is alone is taken up at once, sixteen in a turn of the loop', async () => {
  const rota = new Rota();
  let done = 0;
  for (let i = 0; i < 40; i++) rota.take(1, () => done++);
  assert.equal(done, 16);
  await turn();
  assert.equal(done, 32);
  await turn();
  assert.equal(done, 40);
  rota.take(1, () => done++);
  await turn();
  assert.equal(done, 41);
});

test("one's flood is a queue of his own: whoever else comes is next", async () => {
  const rota = new Rota();
  const taken: string[] = [];
  for (let i = 0; i < 500; i++) rota.take(1, () => taken.push('flood'));
  rota.take(2, () => taken.push('bob 1'));
  rota.take(2, () => taken.push('bob 2'));
  rota.take(3, () => taken.push('carol'));
  await turn();
  assert.deepEqual(taken.slice(16, 22), ['flood', 'bob 1', 'carol', 'flood', 'bob 2', 'flood']);
  assert.equal(taken.length, 32);
});

test("in one user's queue the order is that of coming, and none is lost", async () => {
  const rota = new Rota();
  const taken: number[] = [];
  for (let i = 0; i < 100; i++) rota.take(i % 3, () => taken.push(i));
  while (taken.length < 100) await turn();
  for (const uid of [0, 1, 2]) {
    const own = taken.filter((i) => i % 3 === uid);
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    );
  }
});
