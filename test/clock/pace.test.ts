// Owns the proof of how often servers are asked: soon while nobody agrees, seldom afterwards, and not where they refuse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kisses } from '../../daemon/clock/kisses.ts';
import { pauseAfter } from '../../daemon/clock/pace.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';

test('2 s, 4 s, 8 s … a quarter of an hour, moved by up to a quarter; nothing after a success', () => {
  assert.deepEqual(
    [1, 2, 3, 9, 10, 1e6].map((failures) => pauseAfter(failures, 0)),
    [2 * SECOND, 4 * SECOND, 8 * SECOND, 512 * SECOND, 15 * MINUTE, 15 * MINUTE],
  );
  assert.equal(pauseAfter(1, 0.999_999)?.toFixed(0), '2500');
  assert.equal(pauseAfter(0, 0.5), null);
});

test('RATE is heeded for an hour, then two, up to a day; an answer starts it over', () => {
  const kisses = new Kisses();
  let at = 0;
  for (const pause of [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]) {
    kisses.kissed('a', 'RATE', at);
    assert.ok(kisses.rests('a', at + pause - 1));
    assert.ok(!kisses.rests('a', at + pause));
    at += pause;
  }
  kisses.answered('a');
  kisses.kissed('a', 'RATE', at);
  assert.ok(!kisses.rests('a', at + HOUR));
  assert.ok(!kisses.rests('b', at));
});

test('any other kiss is heeded for a day', () => {
  const kisses = new Kisses();
  for (const [server, code] of [
    ['a', 'DENY'],
    ['b', 'RSTR'],
    ['c', 'none'],
  ] as const) {
    kisses.kissed(server, code, 0);
    assert.ok(kisses.rests(server, DAY - 1));
  }
});
