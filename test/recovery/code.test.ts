// Owns the proof that recovery codes are 80 random bits, read as people copy them, and hashed for their user alone.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  hashRecoveryCode,
  newRecoveryCode,
  newRecoveryCodes,
  RECOVERY_CODES,
  readRecoveryCode,
} from '../../daemon/recovery/code.ts';
import { FIXED } from '../verification/arbitrary.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((some) => Buffer.from(some));
const drawing = (some: Buffer) => (count: number) => {
  assert.equal(count, 10, '80 bits');
  return some;
};

/** Crockford's base32, read back by the tests' own lines. */
function decode(code: string): string {
  const bits = [...code].map((letter) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter));
  assert.ok(!bits.includes(-1));
  return bits.map((value) => value.toString(2).padStart(5, '0')).join('');
}

test('a code carries all of its 80 bits and is read back as it was made', () => {
  fc.assert(
    fc.property(bytes, (some) => {
      const code = newRecoveryCode(drawing(some));
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
      const read = readRecoveryCode(code);
      assert.equal(read, code.replaceAll('-', ''));
      assert.equal(decode(read ?? ''), [...some].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
    }),
    FIXED,
  );
});

/** Ways in which somebody may type a character of a code. */
function waysOf(character: string): string[] {
  const wide = String.fromCharCode(character.charCodeAt(0) + 0xfee0);
  const alike = character === '0' ? ['o', 'O', 'Ｏ'] : character === '1' ? ['i', 'I', 'l', 'L', 'ｌ'] : [];
  return [character, character.toLowerCase(), wide, ...alike];
}

test('look-alikes, small letters, full width, spaces and hyphens of any kind do not matter', () => {
  const noise = fc.array(fc.constantFrom('', ' ', '-', '\u2013', '\u2212', '\u3000', '\t'), {
    minLength: 16,
    maxLength: 16,
  });
  const picks = fc.array(fc.nat(), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, noise, picks, (some, between, which) => {
      const right = newRecoveryCode(drawing(some)).replaceAll('-', '');
      const typed = [...right].map((character, i) => {
        const ways = waysOf(character);
        return (between[i] ?? '') + ways[(which[i] ?? 0) % ways.length];
      });
      assert.equal(readRecoveryCode(typed.join('')), right);
    }),
    FIXED,
  );
});

test('whatever else is typed cannot be a recovery code', () => {
  const list = [
    '',
    '7K3M-9QXA-0F2T-VW4',
    '7K3M-9QXA-0F2T-VW4HH',
    '7K3M-9QXA-0F2T-VW4U',
    '7K3M9QXA0F2TVW4!',
    '123456',
    '7K3M_9QXA_0F2T_VW4H',
  ];
  for (const typed of list) assert.equal(readRecoveryCode(typed), null, typed);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (typed) => {
      const read = readRecoveryCode(typed);
      if (read !== null) assert.match(read, /^[0-9A-HJKMNP-TV-Z]{16}$/);
    }),
    FIXED,
  );
});

test('ten at once, all different', () => {
  let drawn = 0;
  const codes = newRecoveryCodes((count) => Buffer.alloc(count, drawn++));
  assert.equal(codes.length, RECOVERY_CODES);
  assert.equal(new Set(codes).size, 10);
});

test('a hash is of the code, the user and the key together', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  const hash = hashRecoveryCode('0'.repeat(16), 1, key);
  assert.equal(hash.length, 32);
  assert.ok(hash.equals(hashRecoveryCode('0'.repeat(16), 1, createSecretKey(Buffer.alloc(32, 1)))));
  for (const other of [
    hashRecoveryCode(`${'0'.repeat(15)}1`, 1, key),
    hashRecoveryCode('0'.repeat(16), 2, key),
    hashRecoveryCode('0'.repeat(16), 1, createSecretKey(Buffer.alloc(32, 2))),
  ]) {
    assert.ok(!hash.equals(other));
  }
});
