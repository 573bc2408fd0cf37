// Owns the proof that identifiers are 256 bits of the source they are given.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom, token } from '../../daemon/kernel/random.ts';

test('a token is all of 32 bytes of its source, in base64url', () => {
  const asked: number[] = [];
  const bytes = Buffer.alloc(32, 0xfb);
  const made = token((size) => {
    asked.push(size);
    return bytes;
  });
  assert.deepEqual(asked, [32]);
  assert.match(made, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(Buffer.from(made, 'base64url'), bytes);
});

test("the kernel's generator gives as many bytes as are asked for, and others each time", () => {
  assert.deepEqual(
    [0, 1, 12, 32, 1_000].map((size) => systemRandom(size).length),
    [0, 1, 12, 32, 1_000],
  );
  const tokens = new Set(Array.from({ length: 1_000 }, () => token(systemRandom)));
  assert.equal(tokens.size, 1_000);
});
