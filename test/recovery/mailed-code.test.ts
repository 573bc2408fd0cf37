// Owns the proof that mailed codes are 40 random bits, read as people copy them, bound to one subject, and short-lived.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { later, MINUTE } from '../../daemon/kernel/instant.ts';
import {
  hashMailedCode,
  isLive,
  MAILED_CODE_LIVES,
  newMailedCode,
  readMailedCode,
  subjectOf,
} from '../../daemon/recovery/mailed-code.ts';
import { NOW } from '../store/board.ts';
import { FIXED } from '../verification/arbitrary.ts';

const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 }).map((some) => Buffer.from(some));

test('a code carries all of its 40 bits, in eight characters that are read back as they were made', () => {
  fc.assert(
    fc.property(bytes, (some) => {
      const code = newMailedCode((count) => {
        assert.equal(count, 5, '40 bits');
        return some;
      });
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
      const letters = [...code.replace('-', '')];
      const bits = letters.map((letter) =>
        '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter).toString(2).padStart(5, '0'),
      );
      assert.equal(BigInt(`0b${bits.join('')}`), BigInt(`0x${some.toString('hex')}`));
      const plain = code.replace('-', '');
      for (const typed of [code, plain, code.toLowerCase(), ` ${code.replace('-', ' – ')} `])
        assert.equal(readMailedCode(typed), plain);
      const mistaken = plain.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
      assert.equal(readMailedCode(mistaken), plain);
    }),
    FIXED,
  );
});

test('what cannot be a mailed code is none', () => {
  for (const typed of [
    '',
    '123456',
    '7K3M9QX',
    '7K3M9QXAA',
    '7K3M9QXU',
    '7K3M-9QXA-0F2T-VW4H',
    '7K3M9QX\0',
    '😀',
  ])
    assert.equal(readMailedCode(typed), null, typed);
});

test('the same code is stored differently for another login, another purpose and by another key', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  const hash = (subject: Buffer, by = key) => hashMailedCode('7K3M9QXA', subject, by).toString('hex');
  const subjects = [
    subjectOf('emergency', 'a'),
    subjectOf('emergency', 'b'),
    subjectOf('reset', 'a'),
    subjectOf('confirm', 'a'),
    subjectOf('replace-phone', 'a'),
  ];
  const all = [
    ...subjects.map((subject) => hash(subject)),
    hash(subjectOf('reset', 'a'), createSecretKey(Buffer.alloc(32, 2))),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('a code lives ten minutes and five tries; one that a clock in the future issued does not live', () => {
  const code = (expiresIn: number, tries = 5) => ({ tries, expiresAt: later(NOW, expiresIn) });
  assert.equal(isLive(code(MAILED_CODE_LIVES), NOW), true);
  assert.equal(isLive(code(1, 1), NOW), true);
  assert.equal(isLive(code(0), NOW), false);
  assert.equal(isLive(code(MINUTE, 0), NOW), false);
  assert.equal(isLive(code(MAILED_CODE_LIVES + MINUTE), NOW), true, 'put back by a minute');
  assert.equal(isLive(code(MAILED_CODE_LIVES + MINUTE + 1), NOW), false);
});
