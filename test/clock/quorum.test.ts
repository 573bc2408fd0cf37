// Owns the proof that a minority of servers, however it lies, moves nothing, and that no majority means no quorum.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AGREEMENT, agreement, median, needed, quorumOf, type Sample } from '../../daemon/clock/quorum.ts';
import { HOUR, SECOND } from '../../daemon/kernel/instant.ts';

const TRUE = 1_790_000_000_000;
const at = (...offsets: number[]): Sample[] =>
  offsets.map((by, i) => ({ address: `127.0.0.${i + 1}`, epoch: TRUE + by, bound: 20 }));

test('how many have to agree: three at least, and more than half', () => {
  assert.deepEqual([4, 5, 6, 7, 8, 9, 16].map(needed), [3, 3, 4, 4, 5, 5, 9]);
});

const CASES: readonly (readonly [string, number[], number, number | null])[] = [
  ['four that agree', [0, 10, -10, 4], 4, 2],
  ['one of four is an hour ahead', [0, 8, -8, HOUR], 4, 0],
  ['one of four is an hour behind', [-HOUR, 0, 8, -8], 4, 0],
  ['one of four does not answer', [0, 20, 10], 4, 10],
  ['two of four lie alike', [0, 0, HOUR, HOUR], 4, null],
  ['two of four lie differently', [0, 0, HOUR, -HOUR], 4, null],
  ['three lie alike: a majority is believed', [0, HOUR, HOUR, HOUR], 4, HOUR],
  ['two of four answer', [0, 0], 4, null],
  ['nobody answers', [], 4, null],
  ['half a second is still agreement', [0, 0, 500], 4, 0],
  ['more is not', [0, 0, 501], 4, null],
  ['half a second from the median of those who agree, not of all', [0, 0, 10, 506, 900, 990], 6, null],
];

for (const [name, offsets, servers, expected] of CASES) {
  test(name, () => {
    const quorum = quorumOf(at(...offsets), servers, 7);
    assert.equal(quorum && quorum.epoch - TRUE, expected);
    if (quorum) assert.equal(quorum.at, 7);
  });
}

test('three names of one address are one witness', () => {
  const samples = at(0, 0, 0, HOUR).map((sample) => ({ ...sample, address: '127.0.0.1' }));
  assert.deepEqual(agreement(samples), [true, false, false, false]);
  assert.equal(quorumOf(samples, 4, 0), null);
});

test('a lie that is near enough to agree moves the time no further than the bound says', () => {
  const bounds = [205, 5, 5, 0.001];
  const samples = at(200, 0, 0, 300).map((sample, i) => ({ ...sample, bound: bounds[i] ?? 0 }));
  const quorum = quorumOf(samples, 4, 0) ?? assert.fail('no quorum');
  assert.equal(quorum.epoch - TRUE, 100);
  assert.ok(quorum.bound >= 100, `${quorum.bound}`);
});

test('the median of an even number lies between the middle two', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1]), median([5])], [2, 2.5, 5]);
  assert.ok(Number.isNaN(median([])));
});

/** Honest servers that are a majority of all, each within its bound; the others say whatever they like. */
const parties = fc.integer({ min: 4, max: 16 }).chain((servers) =>
  fc.record({
    servers: fc.constant(servers),
    honest: fc.array(fc.double({ min: -200, max: 200, noNaN: true }), {
      minLength: needed(servers),
      maxLength: servers,
    }),
    lies: fc.array(
      fc.oneof(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.double({ min: -700, max: 700, noNaN: true }),
      ),
      {
        maxLength: servers - needed(servers),
      },
    ),
    order: fc.integer(),
  }),
);

test('with an honest majority the truth is within the bound, whatever the others say', () => {
  fc.assert(
    fc.property(parties, ({ servers, honest, lies, order }) => {
      const all = [
        ...honest.map((by) => ({ by, bound: Math.abs(by) + 5 })),
        ...lies.slice(0, servers - honest.length).map((by) => ({ by, bound: 0.001 })),
      ];
      const turned = all.map((_, i) => all[(((i + order) % all.length) + all.length) % all.length]);
      const samples = turned.map((one, i) => ({
        address: `127.0.1.${i}`,
        epoch: TRUE + (one?.by ?? 0),
        bound: one?.bound ?? 0,
      }));
      const quorum = quorumOf(samples, servers, 0);
      assert.ok(quorum, 'there is a quorum');
      assert.ok(Math.abs(quorum.epoch - TRUE) <= 200 + AGREEMENT, `${quorum.epoch - TRUE}`);
      assert.ok(
        Math.abs(quorum.epoch - TRUE) <= quorum.bound + 1e-3,
        `${quorum.epoch - TRUE} ${quorum.bound}`,
      );
    }),
    { numRuns: 3_000, seed: 5 },
  );
});

test('without a majority within a second there is no quorum', () => {
  const scattered = fc.integer({ min: 4, max: 16 }).chain((servers) =>
    fc.record({
      servers: fc.constant(servers),
      offsets: fc.uniqueArray(fc.integer({ min: -10_000, max: 10_000 }), { maxLength: servers }),
      pair: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(scattered, ({ servers, offsets }) => {
      const apart = offsets.map((by) => by * 2 * SECOND);
      assert.equal(quorumOf(at(...apart), servers, 0), null);
    }),
    { numRuns: 500, seed: 5 },
  );
});
