// Owns the proof of the rollback rule: what an older database has forgotten to spend does not work again.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { reconcile } from '../../daemon/accounts/reconcile.ts';
import { Roster } from '../../daemon/accounts/roster.ts';
import { DAY, later } from '../../daemon/kernel/instant.ts';
import { storeCode } from '../../daemon/recovery/mail-code.ts';
import { subjectOf } from '../../daemon/recovery/mailed-code.ts';
import type { Factor } from '../../daemon/store/factors.ts';
import type { Tables } from '../../daemon/store/tables.ts';
import { stepAt } from '../../daemon/verification/totp.ts';
import { factorOf, makeTables, NOW, SEALING, temporaryFolder } from '../store/board.ts';

const hash = (n: number) => Buffer.alloc(32, n);

/** alice: enrolled, generation 5, counter 7, with two codes and a pass. */
function setUp(t: Parameters<typeof makeTables>[0], factor: Partial<Factor> | null = {}) {
  const { tables } = makeTables(t);
  const roster = new Roster(join(temporaryFolder(t), 'roster'));
  roster.load(createSecretKey(Buffer.alloc(32, 1)));
  const added = tables.users.add('alice', 1000);
  tables.users.save({ ...added, generation: 5, counter: 7 });
  if (factor) tables.factors.add(factorOf(added.id, factor));
  tables.recoveryCodes.replace(added.id, 'code', [hash(1), hash(2)], NOW, null);
  tables.recoveryCodes.replace(added.id, 'pass', [hash(3)], NOW, later(NOW, DAY));
  return { tables, roster, id: added.id };
}

const seen = (tables: Tables, id: number) => ({
  user: { ...tables.users.byId(id) },
  factor: { ...tables.factors.of(id) },
  codes: tables.recoveryCodes.left(id, NOW),
  audit: tables.audit.rows({ limit: 9 }).length,
});

for (const counter of [7, 6, 0]) {
  test(`a roster at ${counter} and a database at 7: nothing is to be done`, (t) => {
    const { tables, roster, id } = setUp(t);
    roster.record({ name: 'alice', uid: 1000, counter });
    const before = seen(tables, id);
    reconcile(tables, roster, NOW);
    assert.deepEqual(seen(tables, id), before);
  });
}

test('an older database: codes and pass end, later steps alone count, pair form first, and it is written down', (t) => {
  const { tables, roster, id } = setUp(t, { lastStep: 90, earliestStep: 3, drift: 1, lastLogin: NOW });
  const before = tables.factors.of(id);
  storeCode(tables, { kind: 'emergency', id: 'a', user: id, code: '7K3M-9QXA' }, NOW, SEALING.key);
  roster.record({ name: 'alice', uid: 1000, counter: 8 });
  reconcile(tables, roster, NOW);
  assert.equal(tables.recoveryCodes.left(id, NOW), 0);
  assert.equal(tables.mailedCodes.of(subjectOf('emergency', 'a'), 'emergency'), null);
  assert.equal(tables.passwordResets.at(id), NOW, 'the mailbox alone is not believed for a while');
  assert.equal(tables.recoveryCodes.passUntil(id), null);
  assert.deepEqual({ ...tables.factors.of(id) }, { ...before, earliestStep: stepAt(NOW) + 1, pairFirst: 1 });
  assert.equal(tables.users.byId(id)?.counter, 8);
  const { id: _id, ...row } = tables.audit.rows({ limit: 9 })[0] ?? {};
  assert.deepEqual(row, {
    at: NOW,
    user: 'alice',
    service: null,
    address: null,
    outcome: 'rolled-back',
    because: 'database-older-than-roster',
    actor: null,
  });
});

test('its generation is one that was never in force: a token of a forgotten one stays dead', (t) => {
  // Generation 5 at counter 7. Until the copy was put back there may have been three more: 6, 7 and 8.
  const { tables, roster, id } = setUp(t);
  roster.record({ name: 'alice', uid: 1000, counter: 10 });
  reconcile(tables, roster, NOW);
  assert.equal(tables.users.byId(id)?.generation, 9);
});

test('it happens once', (t) => {
  const { tables, roster, id } = setUp(t);
  roster.record({ name: 'alice', uid: 1000, counter: 8 });
  reconcile(tables, roster, NOW);
  const after = seen(tables, id);
  reconcile(tables, roster, later(NOW, DAY));
  assert.deepEqual(seen(tables, id), after);
});

test('a user without a factor stays behind the roster: he may have enrolled since, which is lost state', (t) => {
  const { tables, roster, id } = setUp(t, null);
  roster.record({ name: 'alice', uid: 1000, counter: 8 });
  const before = seen(tables, id);
  reconcile(tables, roster, NOW);
  assert.deepEqual(seen(tables, id), before);
});

test('others are left alone, and so are names without a row', (t) => {
  const { tables, roster, id } = setUp(t);
  const bob = tables.users.add('bob', 1001);
  tables.factors.add(factorOf(bob.id));
  roster.record({ name: 'alice', uid: 1000, counter: 7 });
  roster.record({ name: 'bob', uid: 1001, counter: 1 }, { name: 'carol', uid: 1002, counter: 9 });
  const before = seen(tables, id);
  reconcile(tables, roster, NOW);
  assert.deepEqual({ ...seen(tables, id), audit: 0 }, { ...before, audit: 0 });
  assert.equal(tables.factors.of(bob.id)?.pairFirst, 1);
  assert.equal(tables.users.byName('carol'), null);
  assert.equal(tables.users.count(), 2);
});
