// Owns the proof that a sweep computes what RFC 4226 says, whatever the secret and however often it is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../daemon/kernel/secret.ts';
import { sweep } from '../../daemon/verification/sweep.ts';
import { codeOf } from '../vectors/truth.ts';

test('every code of every secret, in any order', () => {
  const secrets = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const steps = fc.array(fc.maxSafeNat(), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(secrets, steps, (bytes, asked) => {
      const code = sweep(new Secret(bytes));
      for (const step of asked) assert.equal(code(step), Number(codeOf(bytes, step)), `step ${step}`);
    }),
  );
});
