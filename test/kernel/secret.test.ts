// Owns the proof that a secret is not shown by any way of showing it, and that a Fault carries what a person needs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { Fault } from '../../daemon/kernel/fault.ts';
import { Secret } from '../../daemon/kernel/secret.ts';

const bytes = Buffer.from('JBSWY3DPEHPK3PXP');
const secret = new Secret(bytes);

const WAYS: Readonly<Record<string, () => string>> = {
  template: () => `${secret}`,
  String: () => String(secret),
  toString: () => secret.toString(),
  join: () => [secret].join(),
  JSON: () => JSON.stringify({ secret }),
  inspect: () => inspect({ deep: [secret] }, { depth: 9, showHidden: true, getters: true }),
  'inspect without custom': () => inspect(secret, { customInspect: false, showHidden: true }),
  format: () => format('%s %o %O %j', secret, secret, secret, secret),
  keys: () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret), { ...secret }]),
  'an error that carries it': () => inspect(new Error('x', { cause: { secret } })),
};

for (const [way, show] of Object.entries(WAYS)) {
  test(`not shown: ${way}`, () => {
    const shown = show();
    for (const text of [
      bytes.toString(),
      bytes.toString('hex'),
      bytes.toString('base64'),
      '74, 66',
      '4a 42',
    ]) {
      assert.ok(!shown.includes(text), shown);
    }
  });
}

test('what is revealed is the bytes, and a copy of what it was made of', () => {
  const source = Buffer.from('abc');
  const made = new Secret(source);
  source.fill(0);
  assert.deepEqual(made.reveal(), Buffer.from('abc'));
  assert.equal(structuredClone(secret) instanceof Secret, false);
  assert.deepEqual(Object.keys(structuredClone(secret)), []);
});

test('a Fault has a code, a sentence, a way on, and a cause only where there is one', () => {
  const cause = new Error('EIO');
  const fault = new Fault('store-unavailable', 'what happened', 'what to do', cause);
  assert.ok(fault instanceof Error);
  assert.deepEqual(
    [fault.name, fault.code, fault.message, fault.hint, fault.cause],
    ['Fault', 'store-unavailable', 'what happened', 'what to do', cause],
  );
  assert.equal('cause' in new Fault('internal', 'a', 'b'), false);
});
