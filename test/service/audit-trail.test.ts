// Owns the proof that the audit trail can be read to its end, a page at a time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { later, MINUTE } from '../../daemon/kernel/instant.ts';
import { auditTrail } from '../../daemon/service/audit-trail.ts';
import { NOW } from '../store/board.ts';
import { type House, makeHouse } from './house.ts';

async function withRows(t: Parameters<typeof makeHouse>[0], rows: number): Promise<House> {
  const house = await makeHouse(t);
  await house.parts.state.write((tables) => {
    for (let n = 0; n < rows; n++) {
      const user = n % 2 === 0 ? 'alice' : 'bob';
      const row = { service: 'web', address: null, outcome: 'refused', because: 'wrong-code' };
      tables.audit.add({ at: later(NOW, n * MINUTE), user, ...row });
    }
  });
  return house;
}

test('a row as it is told: time in RFC 3339, no columns of our own', async (t) => {
  const { parts } = await withRows(t, 1);
  assert.deepEqual(auditTrail(parts, {}).rows, [
    {
      id: 1,
      time: '2026-11-24T08:00:00.000Z',
      user: 'alice',
      service: 'web',
      address: null,
      outcome: 'refused',
      because: 'wrong-code',
    },
  ]);
});

for (const [limit, size] of [
  [undefined, 100],
  ['7', 7],
  ['0', 1],
  ['999', 500],
] as const) {
  test(`with limit ${limit}, pages of ${size} show each row once, newest first`, async (t) => {
    const { parts } = await withRows(t, 600);
    const seen: number[] = [];
    let before: string | undefined;
    for (let pages = 0; pages <= 600; pages++) {
      const { rows, next } = auditTrail(parts, { limit, before });
      if (pages === 0) assert.equal(rows.length, size);
      seen.push(...rows.map(({ id }) => id));
      if (next === null) break;
      before = String(next);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 600 }, (_, n) => 600 - n),
    );
  });
}

test('only one user, only since a moment; an offset is understood', async (t) => {
  const { parts } = await withRows(t, 10);
  const ids = (query: Parameters<typeof auditTrail>[1]) => auditTrail(parts, query).rows.map(({ id }) => id);
  assert.deepEqual(ids({ user: 'bob' }), [10, 8, 6, 4, 2]);
  assert.deepEqual(ids({ user: 'Bob' }), []);
  assert.deepEqual(ids({ since: '2026-11-24T08:08:00Z' }), [10, 9]);
  assert.deepEqual(ids({ since: '2026-11-24T16:08:00.000+08:00', user: 'bob' }), [10]);
  assert.deepEqual(auditTrail(parts, { user: 'nobody' }), { rows: [], next: null });
});
