// Owns the proof that nothing printed can steer a terminal, and that text fits its columns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest } from '../../daemon/cli/nearest.ts';
import { table } from '../../daemon/cli/table.ts';
import { columns, padded, printable, wrapped } from '../../daemon/cli/text.ts';

test('what steers a terminal or misleads a reader is written out', () => {
  assert.equal(printable('a\x1b[31mb'), 'a\\x1b[31mb');
  assert.equal(printable('a\r\nb\x07\x7f\x9b'), 'a\\x0d\\x0ab\\x07\\x7f\\x9b');
  assert.equal(printable('evil\u202egnp'), 'evil\\u{202e}gnp');
  assert.equal(printable('zero\u200bwidth\ufeff'), 'zero\\u{200b}width\\u{feff}');
  assert.equal(printable('王小明 é 🙂'), '王小明 é 🙂');
});

test('no text whatever leaves a control or format character over', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(printable(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test('East Asian characters and emoji take two columns, combining marks none', () => {
  assert.equal(columns('alice'), 5);
  assert.equal(columns('王小明'), 6);
  assert.equal(columns('かな ハングル'), 4 + 1 + 8);
  assert.equal(columns('한글'), 4);
  assert.equal(columns('🙂'), 2);
  assert.equal(columns('e\u0301'), 1);
  assert.equal(padded('王', 4), '王  ');
});

test('text is broken at spaces, and only a word longer than a line is cut', () => {
  assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapped('one two three', 80), ['one two three']);
  assert.deepEqual(wrapped('', 10), ['']);
  assert.deepEqual(wrapped('a 0123456789', 4), ['a', '0123', '4567', '89']);
  assert.deepEqual(wrapped('王小明王', 5), ['王小', '明王']);
  assert.deepEqual(wrapped('王', 1), ['王']);
});

test('wrapping keeps every word and its lines inside the width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z王]{1,12}$/u), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 40 }), (list, width) => {
      const lines = wrapped(list.join(' '), width);
      assert.ok(lines.every((line) => columns(line) <= width));
      assert.equal(lines.join('').replaceAll(' ', ''), list.join(''));
    }),
  );
});

test('a table that is too wide wraps only the columns that may give way', () => {
  const rows = [
    ['WHEN', 'WHAT'],
    ['2026-11-24', 'a sentence of some length'],
  ];
  assert.deepEqual(table(rows, 80, [1]), ['WHEN        WHAT', '2026-11-24  a sentence of some length']);
  assert.deepEqual(table(rows, 24, [1]), [
    'WHEN        WHAT',
    '2026-11-24  a sentence',
    '            of some',
    '            length',
  ]);
  assert.deepEqual(table(rows, 24, []), table(rows, 80, [1]));
});

test('a guess at a typing error is near, or not made', () => {
  const commands = ['status', 'user', 'policy', 'audit', 'version'];
  assert.equal(nearest('stauts', commands), 'status');
  assert.equal(nearest('users', commands), 'user');
  assert.equal(nearest('polcy', commands), 'policy');
  assert.equal(nearest('frobnicate', commands), undefined);
  assert.equal(nearest('xy', commands), undefined);
});
