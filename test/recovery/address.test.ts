// Owns the proof that what cannot be a Security Email is refused with its reason, and that nothing gets into a header.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { securityAddress } from '../../daemon/recovery/address.ts';

test('an address is taken as it is, without the spaces around it', () => {
  for (const address of [
    'alice@example.com',
    "o'brien+nas@mail.example.co.uk",
    'a@b',
    `${'a'.repeat(64)}@example.com`,
  ])
    assert.equal(securityAddress(` ${address} `), address);
});

const REFUSED: readonly (readonly [typed: string, why: RegExp])[] = [
  ['alice@example.com\r\nBcc: eve@example.com', /line break/],
  ['alice@example.com\nSubject: hello', /line break/],
  ['alice@exam\u200bple.com', /invisible/],
  ['alice\0@example.com', /invisible/],
  [`${'a'.repeat(290)}@example.com`, /longer than 254/],
  ['alice', /no @/],
  ['"alice smith"@example.com', /quotes/],
  ['alice@example.com, eve@example.com', /quotes, brackets, commas/],
  ['Alice <alice@example.com>', /brackets/],
  ['alice@[192.0.2.1]', /brackets/],
  ['alice@example.com@', /part of it/],
  ['jürgen@example.com', /before the @/],
  ['😀@example.com', /before the @/],
  ['alice@exämple.com', /behind the @/],
  ['@example.com', /missing, or longer than 64/],
  [`${'a'.repeat(65)}@example.com`, /longer than 64/],
  ['alice@-example.com', /part of it/],
  ['alice@example..com', /part of it/],
  ['.alice@example.com', /part of it/],
  ['al..ice@example.com', /part of it/],
];

for (const [typed, why] of REFUSED)
  test(`refused: ${JSON.stringify(typed.slice(0, 40))}`, () => {
    assert.throws(
      () => securityAddress(typed),
      (error) => {
        assert.ok(error instanceof Fault && error.code === 'malformed-address');
        assert.match(error.message, why);
        assert.ok(!error.message.includes(typed.trim()), 'what was typed is not repeated');
        return true;
      },
    );
  });
