// Owns the tests of who gives way when every connection is taken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Occupant, type SeatState, whoGivesWay } from '../../daemon/sockets/crowd.ts';

/** Occupants from a sketch: `5i` is an idle one of user 5; `r` reads, `a` answers; the first is the oldest. */
function crowd(sketch: string): Occupant[] {
  const states: Record<string, SeatState> = { i: 'idle', r: 'reading', a: 'answering' };
  return sketch.split(' ').map((one, since) => ({
    uid: Number(one.slice(0, -1)),
    state: states[one.slice(-1)] ?? 'idle',
    since,
  }));
}

function leaves(sketch: string, newcomer: number, whole = true): number | undefined {
  const all = crowd(sketch);
  return whoGivesWay(all, { uid: newcomer, whole }, all.length)?.since;
}

test('the longest idle connection of the heaviest user leaves first', () => {
  assert.equal(leaves('1i 2a 2i 2i', 3), 2);
  assert.equal(leaves('2i 1i 1i 3i 3i 3i', 9), 3);
  assert.equal(leaves('0i 0i 0i 1i', 1), 0);
});

test('where two are equally heavy, the newcomer replaces one of its own', () => {
  assert.equal(leaves('1i 1i 2i 2i 3i 3i', 2), 2);
});

test('a user who would hold more than half replaces an idle or incomplete one of its own, or waits', () => {
  assert.equal(leaves('2i 1a 1i 1a', 1), 2);
  assert.equal(leaves('2i 1r 1i 1a', 1), 2);
  assert.equal(leaves('2i 1a 1r 1r', 1), 2);
  assert.equal(leaves('2i 1a 1r 1r', 1, false), undefined);
  assert.equal(leaves('2i 1a 1a 1a', 1), undefined);
  assert.equal(leaves('2i 2i 1a 1a', 1), undefined);
});

test('of a user who holds more than half even a busy one leaves, an incomplete request first', () => {
  assert.equal(leaves('1a 1a 1r 2a', 2), 2);
  assert.equal(leaves('1a 1a 1a 2a', 2), 0);
  assert.equal(leaves('1a 1a 1a 1a', 0), 0);
  assert.equal(leaves('1a 1a 2a 2a', 3), undefined);
});

test('an incomplete request of a user who holds more leaves before anybody is refused', () => {
  assert.equal(leaves('1r 1r 2r 2r', 3), 0);
  assert.equal(leaves('1r 2a 3a 4a', 4), undefined);
  assert.equal(leaves('1a 2a 3r 4a', 3), 2);
  assert.equal(leaves('0a 0r 0r 0a', 0), 1);
  assert.equal(leaves('0a 0r 0r 0a', 0, false), undefined);
});

test('root may hold more than half, and loses nothing that is busy', () => {
  assert.equal(leaves('0a 0a 0a 0i', 0), 3);
  assert.equal(leaves('0a 0a 0a 0r', 1), undefined);
  assert.equal(leaves('0a 0a 0a 1i', 0), 3);
});

test('whatever comes, nobody but root gets past half of a full house, and who has less gets in', () => {
  const arrival = fc.record({
    uid: fc.integer({ min: 0, max: 3 }),
    state: fc.constantFrom<SeatState>('idle', 'reading', 'answering'),
  });
  fc.assert(
    fc.property(fc.array(arrival, { minLength: 9, maxLength: 60 }), (arrivals) => {
      const seats = 8;
      const inside = new Set<Occupant>();
      for (const [since, { uid, state }] of arrivals.entries()) {
        if (inside.size === seats) {
          const before = [...inside].filter((one) => one.uid === uid).length;
          const leaving = whoGivesWay(inside, { uid, whole: since % 2 === 0 }, seats);
          const hog = [1, 2, 3].find(
            (other) => other !== uid && [...inside].filter((one) => one.uid === other).length > seats / 2,
          );
          if (leaving === undefined) {
            if (hog === undefined) continue;
            assert.fail(`user ${uid} was refused although user ${hog} held more than half`);
          }
          assert.ok(uid === 0 || leaving.uid === uid || before + 1 <= seats / 2);
          inside.delete(leaving);
        }
        inside.add({ uid, state, since });
        assert.ok(inside.size <= seats);
      }
    }),
  );
});
