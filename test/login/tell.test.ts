// Owns the proof that the fifth, the tenth and the twentieth wrong code in a row raise an alarm, each lane for itself.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { tellFailures, tellRecoveryCode } from '../../daemon/login/tell.ts';
import { throttleColumns, throttleStateOf } from '../../daemon/verification/stored.ts';
import type { Lane } from '../../daemon/verification/throttle.ts';
import { factorOf, makeTables, NOW } from '../store/board.ts';

const clock = { now: () => NOW, elapsed: () => 0, trust: () => 'trusted' as const };

/** Alice with a mailbox on a board that sends mail, and what she heard of. */
function alice(t: TestContext) {
  const { tables, db } = makeTables(t);
  const user = tables.users.add('alice', 1000);
  tables.factors.add(factorOf(user.id));
  tables.mail.put({
    provider: 'smtp',
    sender: 'nas@example.com',
    host: 'mail.example.com',
    port: 465,
    security: 'tls',
    account: null,
    caFile: null,
  });
  tables.securityEmails.pend(user.id, 'alice@example.com', 'en');
  tables.securityEmails.confirm(user.id, NOW);
  const letters = () => (db.prepare('SELECT count(*) AS n FROM letter').get() as { n: number }).n;
  return { tables, user, letters };
}

/** Counts one more failure in a lane, and says whether she was told. */
function fails({ tables, user, letters }: ReturnType<typeof alice>, lane: Lane, more = 1): boolean {
  const before = tables.factors.of(user.id) ?? assert.fail();
  const state = throttleStateOf(before);
  const { failures } = state.lanes[lane];
  const lanes = { ...state.lanes, [lane]: { failures: failures + more, failedAt: NOW } };
  tables.factors.save({ ...before, ...throttleColumns({ ...state, lanes }) });
  const heard = letters();
  tellFailures(tables, { clock }, user, before, { lane, address: null });
  return letters() > heard;
}

for (const lane of ['strangers', 'known', 'step-up'] as const) {
  for (const alarm of [5, 10, 20]) {
    test(`${lane}: she is told of number ${alarm}, not of the one before or after, nor of the same one twice`, (t) => {
      const bench = alice(t);
      if (alarm > 2) fails(bench, lane, alarm - 2);
      assert.equal(fails(bench, lane), false);
      assert.equal(fails(bench, lane, 0), false, 'nothing was counted');
      assert.equal(fails(bench, lane), true);
      assert.equal(fails(bench, lane, 0), false, 'an answer that was not counted');
      assert.equal(fails(bench, lane), false);
    });
  }
}

test('without an address, without mail, or without a factor nobody is told, and nothing fails', (t) => {
  const bench = alice(t);
  const { tables, user } = bench;
  fails(bench, 'strangers', 4);
  tables.securityEmails.remove(user.id);
  assert.equal(fails(bench, 'strangers'), false);
  const before = tables.factors.of(user.id) ?? assert.fail();
  tables.factors.remove(user.id);
  tellFailures(tables, { clock }, user, before, { lane: 'strangers', address: null });
  assert.equal(bench.letters(), 0);
});

test('a used recovery code is told with how many are left', (t) => {
  const { tables, user } = alice(t);
  tables.recoveryCodes.replace(user.id, 'code', [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], NOW, null);
  tellRecoveryCode(tables, { clock }, user, '192.0.2.7');
  const told = tables.letters.waiting(user.id, 'alice@example.com', 'recovery-code-used');
  assert.deepEqual(told?.letter.kind === 'notice' && [told.letter.count, told.letter.address], [
    2,
    '192.0.2.7',
  ]);
});
