// Owns the proof of the bounds that every socket sets on names, identifiers, times and codes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { count, identifier, line, time, typedCode, uid, userName } from '../../daemon/wire/shapes.ts';

const CASES: readonly (readonly [name: string, schema: v.GenericSchema, good: unknown[], bad: unknown[]])[] =
  [
    [
      'userName',
      userName,
      [
        'alice',
        'DOMAIN\\alice',
        'CORP\\alice smith',
        'alice@example.com',
        '李雷',
        '1000',
        'a-b',
        'x'.repeat(256),
        '.',
        "o'hara",
      ],
      [
        '',
        'x'.repeat(257),
        '-rf',
        'a:b',
        'a/b',
        'a\nb',
        'a\u0000',
        'a\u202eb',
        'a\u200bb',
        'a\u2028',
        ' a',
        'a ',
      ],
    ],
    ['line', line(5), ['x', 'a b c', '你好'], ['', 'sixsix', 'a\tb', 'a\r\n', '\u0007', 'a\u2066', 5]],
    [
      'identifier',
      identifier,
      ['A'.repeat(43), '-_'.repeat(21).concat('9')],
      [
        'A'.repeat(42),
        'A'.repeat(44),
        'A'.repeat(42).concat('='),
        'A'.repeat(42).concat('+'),
        `${'A'.repeat(43)}\n`,
        '',
      ],
    ],
    [
      'time',
      time,
      ['2026-11-24T08:00:00Z', '2026-11-24T08:00:00.123Z'],
      ['2026-11-24', '08:00', '2026-13-01T00:00:00Z', '2026-11-24T25:00:00Z', 1_795_507_200, ''],
    ],
    ['uid', uid, [0, 1000, 4_294_967_294], [-1, 4_294_967_295, 1.5, '1000', Number.NaN]],
    ['count', count, [0, 5, 1e9], [-1, 0.5, '1', Number.POSITIVE_INFINITY]],
    ['typedCode', typedCode, ['1', '１２３ ４５６', 'x'.repeat(128)], ['', 'x'.repeat(129), 123456]],
  ];

for (const [name, schema, good, bad] of CASES) {
  test(name, () => {
    for (const value of good) assert.ok(v.is(schema, value), `takes ${JSON.stringify(value)}`);
    for (const value of bad) assert.ok(!v.is(schema, value), `refuses ${JSON.stringify(value)}`);
  });
}
