// Owns the proof that a typed code is read as people type it, and that nothing else passes for one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTyped } from '../../daemon/verification/typed.ts';
import { FIXED } from './arbitrary.ts';

const SEPARATORS = [
  ' ',
  '\t',
  '\u00a0',
  '\u2009',
  '\u3000',
  '-',
  '\u2010',
  '\u2011',
  '\u2013',
  '\u2014',
  '\u2212',
  '\uff0d',
];
const digit = fc.integer({ min: 0, max: 9 });
const separator = fc.array(fc.constantFrom(...SEPARATORS), { maxLength: 3 }).map((some) => some.join(''));

/** A digit as a keyboard may give it: ASCII, full width, or mathematical. NFKC makes them one. */
function spelt(value: number, kind: number): string {
  const first = [0x30, 0xff10, 0x1d7ce, 0x1d7f6][kind] ?? 0x30;
  return String.fromCodePoint(first + value);
}

test('one, two or three codes are read, whatever spaces, hyphens and widths they are typed with', () => {
  const character = fc.tuple(digit, fc.integer({ min: 0, max: 3 }), separator);
  const typing = fc
    .integer({ min: 1, max: 3 })
    .chain((codes) => fc.array(character, { minLength: 6 * codes, maxLength: 6 * codes }));
  fc.assert(
    fc.property(separator, typing, (lead, characters) => {
      const text = lead + characters.map(([value, kind, after]) => spelt(value, kind) + after).join('');
      const digits = characters.map(([value]) => value).join('');
      const read = readTyped(text);
      assert.equal(read?.codes.join(''), digits);
      assert.equal(read?.codes.length, digits.length / 6);
      assert.equal(read?.form, ['single', 'pair', 'triple'][digits.length / 6 - 1]);
      for (const code of read?.codes ?? []) assert.match(code, /^[0-9]{6}$/);
    }),
    FIXED,
  );
});

test('any other number of digits is malformed', () => {
  fc.assert(
    fc.property(fc.array(digit, { maxLength: 40 }), (digits) => {
      const right = [6, 12, 18].includes(digits.length);
      assert.equal(readTyped(digits.join('')) !== null, right);
    }),
    FIXED,
  );
});

test('any other character is malformed, wherever it stands', () => {
  const foreign = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((one) => !/^[\s\p{Pd}\u2212\d]*$/u.test(one.normalize('NFKC')));
  fc.assert(
    fc.property(foreign, fc.integer({ min: 0, max: 6 }), (one, at) => {
      const digits = '123456';
      assert.equal(readTyped(digits.slice(0, at) + one + digits.slice(at)), null, 'added');
      if (at < 6)
        assert.equal(readTyped(digits.slice(0, at) + one + digits.slice(at + 1)), null, 'in place of one');
    }),
    { ...FIXED, numRuns: 1_000 },
  );
});

test('digits that are not Western, signs, exponents and invisible characters are malformed', () => {
  const list = [
    '١٢٣٤٥٦',
    '१२३४५६',
    '+12345',
    '-1234.5',
    '12345e',
    '0x1234',
    '1e5000',
    '123\u200b456',
    '123\u0000456',
    '½23456',
    '①②③④⑤',
    '',
  ];
  for (const typed of list) assert.equal(readTyped(typed), null, JSON.stringify(typed));
  assert.deepEqual(readTyped('①②③④⑤⑥')?.codes, ['123456'], 'NFKC makes digits of circled ones');
});
