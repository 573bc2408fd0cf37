// Owns the proof of what each table does that its schema alone cannot: what works once, what only rises, what goes.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DAY, instant, later, MINUTE } from '../../daemon/kernel/instant.ts';
import { migrations, openDatabase } from '../../daemon/store/database.ts';
import { tablesOf } from '../../daemon/store/tables.ts';
import { policy } from '../policy/rules.ts';
import { factorOf, makeTables, NOW, SEALING, temporaryFolder } from './board.ts';

const hash = (n: number) => Buffer.alloc(32, n);

test('users: found by name, uid and number, exactly; two of a name or a uid are refused', (t) => {
  const { users } = makeTables(t).tables;
  const alice = users.add('alice', 1000);
  assert.deepEqual(
    { ...alice },
    {
      id: alice.id,
      name: 'alice',
      uid: 1000,
      generation: 1,
      counter: 0,
      graceFrom: null,
      removedAt: null,
      missingSince: null,
    },
  );
  for (const found of [users.byName('alice'), users.byUid(1000), users.byId(alice.id)]) {
    assert.deepEqual({ ...found }, { ...alice });
  }
  for (const other of ['Alice', 'alice ', 'alic', 'ALICE']) assert.equal(users.byName(other), null);
  assert.equal(users.byUid(1001), null);
  assert.equal(users.byId(99), null);
  assert.throws(() => users.add('alice', 1001));
  assert.throws(() => users.add('bob', 1000));
  assert.equal(users.count(), 1);
});

test('users: what is saved comes back; the list is in order of name; a removed one is gone', (t) => {
  const { users } = makeTables(t).tables;
  const zoe = users.add('zoe', 4_294_967_294);
  const bob = users.add('bob', 0);
  const changed = {
    ...zoe,
    uid: 5,
    generation: 3,
    counter: 4,
    graceFrom: NOW,
    removedAt: later(NOW, 1),
    missingSince: later(NOW, 2),
  };
  assert.equal(users.save(changed), changed);
  assert.deepEqual(
    users.all().map((user) => ({ ...user })),
    [{ ...bob }, changed],
  );
  users.remove(zoe);
  assert.deepEqual(
    users.all().map(({ name }) => name),
    ['bob'],
  );
});

test('factors: every column comes back; save changes what use changes and nothing that is spent or fixed', (t) => {
  const { users, factors } = makeTables(t).tables;
  const { id } = users.add('alice', 1000);
  const factor = factorOf(id);
  factors.add(factor);
  const plain = () => {
    const row = factors.of(id);
    return row && { ...row, secret: Buffer.from(row.secret) };
  };
  assert.deepEqual(plain(), factor);
  const used = {
    earliestStep: 7,
    pairFirst: 1 as const,
    drift: -1 as const,
    lastLogin: NOW,
    bucket: 9,
    bucketAt: later(NOW, 1),
    strangersFailures: 1,
    strangersFailedAt: later(NOW, 2),
    knownFailures: 2,
    knownFailedAt: later(NOW, 3),
    stepUpFailures: 3,
    stepUpFailedAt: later(NOW, 4),
  };
  const fixed = { secret: Buffer.of(1), enrolledAt: later(NOW, 9), enrolledStep: 1, lastStep: 1 };
  factors.save({ ...factor, ...used, ...fixed });
  assert.deepEqual(plain(), { ...factor, ...used });
  assert.throws(() => factors.add(factor));
  assert.equal(factors.count(), 1);
  factors.remove(id);
  assert.equal(factors.of(id), null);
  assert.equal(factors.count(), 0);
});

test('spend: true exactly once for each step, never for a lower one, and for one user only', (t) => {
  const { users, factors } = makeTables(t).tables;
  const [a, b] = [users.add('a', 1).id, users.add('b', 2).id];
  factors.add(factorOf(a, { lastStep: 100 }));
  factors.add(factorOf(b, { lastStep: 100 }));
  assert.deepEqual(
    [99, 100, 101, 101, 100, 103, 102, 103, 104].map((step) => factors.spend(a, step)),
    [false, false, true, false, false, true, false, false, true],
  );
  assert.equal(factors.of(a)?.lastStep, 104);
  assert.equal(factors.of(b)?.lastStep, 100);
  assert.equal(factors.spend(99, 500), false);
});

test('heal: moves back only from the step it was told of, once, and that one stays burnt', (t) => {
  const { users, factors } = makeTables(t).tables;
  const { id } = users.add('a', 1);
  factors.add(factorOf(id, { lastStep: 9_000 }));
  assert.equal(factors.heal(id, 105, 8_999), false);
  assert.deepEqual(factors.burnt(id), new Set());
  assert.equal(factors.heal(id, 105, 9_000), true);
  assert.equal(factors.heal(id, 106, 9_000), false);
  assert.equal(factors.of(id)?.lastStep, 105);
  assert.deepEqual(factors.burnt(id), new Set([9_000]));
});

test('burnt steps: each once, of one user, until they are below what is spent', (t) => {
  const { users, factors } = makeTables(t).tables;
  const [a, b] = [users.add('a', 1).id, users.add('b', 2).id];
  for (const id of [a, b]) factors.add(factorOf(id));
  for (const step of [105, 107, 105]) factors.burn(a, step);
  factors.burn(b, 200);
  assert.deepEqual(factors.burnt(a), new Set([105, 107]));
  factors.prune(a, 107);
  assert.deepEqual(factors.burnt(a), new Set([107]));
  assert.deepEqual(factors.burnt(b), new Set([200]));
});

test('a recovery code is taken once, by its user, before it expires', (t) => {
  const { users, recoveryCodes: codes } = makeTables(t).tables;
  const [a, b] = [users.add('a', 1).id, users.add('b', 2).id];
  codes.replace(a, 'code', [hash(1), hash(2)], NOW, null);
  codes.replace(a, 'pass', [hash(3)], NOW, later(NOW, DAY));
  assert.equal(codes.take(b, hash(1), NOW), null);
  assert.equal(codes.take(a, hash(9), NOW), null);
  assert.equal(codes.take(a, hash(1), later(NOW, 999 * DAY)), 'code');
  assert.equal(codes.take(a, hash(1), NOW), null);
  assert.equal(codes.take(a, hash(3), later(NOW, DAY)), null, 'at the moment of expiry it is over');
  assert.equal(codes.take(a, hash(3), later(NOW, DAY - 1)), 'pass');
  assert.equal(codes.take(a, hash(3), NOW), null);
});

test('recovery codes: counted while they work; new ones replace their own kind; clear takes both kinds', (t) => {
  const { users, recoveryCodes: codes } = makeTables(t).tables;
  const { id } = users.add('a', 1);
  codes.replace(id, 'code', [hash(1), hash(2)], NOW, null);
  codes.replace(id, 'pass', [hash(3)], NOW, later(NOW, DAY));
  assert.equal(codes.left(id, NOW), 3);
  assert.equal(codes.left(id, later(NOW, DAY)), 2);
  assert.equal(codes.passUntil(id), later(NOW, DAY));
  codes.replace(id, 'code', [hash(4)], NOW, null);
  assert.equal(codes.left(id, NOW), 2);
  assert.equal(codes.take(id, hash(1), NOW), null);
  codes.replace(id, 'pass', [hash(5)], NOW, later(NOW, MINUTE));
  assert.equal(codes.passUntil(id), later(NOW, MINUTE));
  assert.equal(codes.take(id, hash(3), NOW), null);
  codes.clear(id);
  assert.equal(codes.left(id, NOW), 0);
  assert.equal(codes.passUntil(id), null);
});

test('without: enrolled users whose codes and pass are all gone or over', (t) => {
  const { users, factors, recoveryCodes: codes } = makeTables(t).tables;
  const [spent, passed, ready, bare] = ['spent', 'passed', 'ready', 'bare'].map(
    (name, uid) => users.add(name, uid).id,
  ) as [number, number, number, number];
  for (const id of [spent, passed, ready]) factors.add(factorOf(id));
  codes.replace(passed, 'pass', [hash(1)], NOW, later(NOW, DAY));
  codes.replace(ready, 'code', [hash(2), hash(3)], NOW, null);
  assert.equal(codes.without(NOW).length, 1);
  assert.equal(codes.without(later(NOW, DAY)).length, 2);
  assert.equal(codes.left(bare, NOW), 0, 'who is not enrolled needs none');
});

test('a completed login is redeemed once; expired ones go with the next', (t) => {
  const { users, redemptions } = makeTables(t).tables;
  const { id } = users.add('a', 1);
  const completed = (n: number, expiresAt = later(NOW, MINUTE)) => ({
    login: hash(n),
    proof: hash(n + 100),
    user: id,
    generation: 2,
    policy: 3,
    givenName: 'Alice',
    service: 'web',
    address: '192.0.2.1',
    notice: null,
    expiresAt,
    device: null,
  });
  redemptions.add(completed(1), NOW);
  const stored = redemptions.of(hash(1));
  assert.ok(stored);
  const { login, proof, ...rest } = stored;
  assert.deepEqual([Buffer.from(login), Buffer.from(proof)], [hash(1), hash(101)]);
  const { login: _login, proof: _proof, ...expected } = completed(1);
  assert.deepEqual({ ...rest }, { ...expected, redeemed: 0 });
  assert.equal(redemptions.redeem(hash(9)), false);
  assert.equal(redemptions.redeem(hash(1)), true);
  assert.equal(redemptions.redeem(hash(1)), false);
  assert.equal(redemptions.of(hash(1))?.redeemed, 1);
  assert.throws(() => redemptions.add(completed(1), NOW));
  redemptions.add(completed(2), later(NOW, MINUTE - 1));
  assert.ok(redemptions.of(hash(1)), 'kept until it expires, so that it cannot be completed again');
  redemptions.add(completed(3, later(NOW, DAY)), later(NOW, MINUTE));
  assert.equal(redemptions.of(hash(1)), null);
});

test('policy: the one in force is the last that was put; without the row nothing is concluded', (t) => {
  const { db, tables } = makeTables(t);
  assert.throws(() => tables.policies.current(NOW), /policy row is missing/);
  tables.policies.put(policy(1, { graceDays: 7 }), NOW);
  tables.policies.put(policy(2, { scope: 'all' }), NOW);
  assert.deepEqual({ ...tables.policies.current(NOW) }, policy(2, { scope: 'all' }));
  assert.equal(db.prepare('SELECT count(*) AS n FROM policy').get()?.n, 1);
});

test('policy: one that is to come takes over at its moment, and a clock set back does not undo it', (t) => {
  const { policies } = makeTables(t).tables;
  const now = policy(1, { scope: 'specific', users: [{ name: 'bob', uid: 5 }], exceptGroups: ['kids'] });
  const then = policy(2, { scope: 'all', exceptUsers: [{ name: 'amy', uid: 6 }], groups: [] });
  const start = later(NOW, DAY);
  policies.put(now, NOW);
  policies.schedule(then, start, NOW);
  assert.deepEqual([policies.current(NOW), policies.coming(NOW)], [now, { ...then, startsAt: start }]);
  assert.deepEqual(policies.current(later(start, -1)), now);
  assert.deepEqual([policies.current(start), policies.coming(start)], [then, null]);
  assert.equal(policies.settle(later(start, -1)), false);
  assert.equal(policies.settle(start), true);
  assert.deepEqual(policies.current(NOW), then);
  policies.schedule(policy(3), start, NOW);
  policies.put(policy(4), NOW);
  assert.deepEqual([policies.current(start), policies.coming(NOW)], [policy(4), null]);
});

test('a board of the first schema keeps its policy, its users and its audit trail', (t) => {
  const path = join(temporaryFolder(t), 'state.db');
  const old = openDatabase(path, true, migrations().slice(0, 1));
  old.exec("INSERT INTO policy VALUES (1, 'all', 3, 4, 0)");
  old.exec("INSERT INTO user VALUES (1, 'alice', 1000, 2, 3, 5, NULL)");
  old.exec("INSERT INTO audit VALUES (9, 5, 'alice', 'web', NULL, 'allow', 'grace')");
  old.close();
  const db = openDatabase(path, false);
  t.after(() => db.close());
  const { policies, users, audit } = tablesOf(db, 100, SEALING);
  assert.deepEqual(policies.current(NOW), policy(4, { scope: 'all', graceDays: 3 }));
  assert.equal(users.byName('alice')?.graceFrom, 5);
  const [row] = audit.rows({ limit: 9 });
  assert.deepEqual([row?.id, row?.because, row?.actor], [9, 'grace', null]);
});

test('audit: what is older than a moment goes, from the oldest on; the newest row always stays', (t) => {
  const { audit } = makeTables(t).tables;
  const row = { user: 'alice', service: null, address: null, outcome: 'allow', because: null };
  const ids = () => audit.rows({ limit: 99 }).map(({ id }) => id);
  audit.forgetBefore(NOW);
  // The second was written while the clock ran ahead: it keeps what follows until it is old itself.
  for (const at of [0, 3 * DAY, DAY, 2 * DAY]) audit.add({ ...row, at: later(NOW, at) });
  audit.forgetBefore(NOW);
  assert.deepEqual(ids(), [4, 3, 2, 1]);
  audit.forgetBefore(later(NOW, 1));
  assert.deepEqual(ids(), [4, 3, 2]);
  audit.forgetBefore(later(NOW, 9 * DAY));
  assert.deepEqual(ids(), [4]);
  audit.add({ ...row, at: NOW });
  assert.deepEqual(ids(), [5, 4]);
});

test('board: made once; the floor rises and never falls', (t) => {
  const { boards } = makeTables(t).tables;
  assert.equal(boards.current(), null);
  boards.create(Buffer.alloc(8, 1), NOW, NOW);
  assert.throws(() => boards.create(Buffer.alloc(8, 2), NOW, NOW));
  assert.deepEqual(
    [later(NOW, -1), NOW, later(NOW, 5), later(NOW, 4)].map((to) => boards.raiseFloor(to)),
    [false, false, true, false],
  );
  assert.equal(boards.current()?.floor, later(NOW, 5));
});

const row = (user: string, at = NOW) => ({
  at,
  user,
  service: 'web',
  address: '192.0.2.1',
  outcome: 'accepted',
  because: 'totp',
});

test('audit: newest first, by user, since a moment, a page at a time', (t) => {
  const { audit } = makeTables(t).tables;
  for (let n = 0; n < 6; n++) audit.add(row(n % 2 === 0 ? 'alice' : 'bob', later(NOW, n)));
  const ids = (filter: Parameters<typeof audit.rows>[0]) => audit.rows(filter).map(({ id }) => id);
  assert.deepEqual(ids({ limit: 10 }), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(ids({ limit: 2 }), [6, 5]);
  assert.deepEqual(ids({ limit: 2, before: 5 }), [4, 3]);
  assert.deepEqual(ids({ limit: 10, user: 'alice' }), [5, 3, 1]);
  assert.deepEqual(ids({ limit: 10, since: later(NOW, 3) }), [6, 5, 4]);
  assert.deepEqual(ids({ limit: 10, since: later(NOW, 1), before: 5, user: 'bob' }), [4, 2]);
  assert.deepEqual(ids({ limit: 10, user: 'Alice' }), []);
  assert.deepEqual({ ...audit.rows({ limit: 1 })[0] }, { id: 6, ...row('bob', later(NOW, 5)), actor: null });
});

test('audit: at least the newest N rows are kept, and never 64 more', (t) => {
  const { audit } = makeTables(t, 100).tables;
  let most = 0;
  for (let n = 1; n <= 1_000; n++) {
    audit.add(row('alice', instant(n)));
    const kept = audit.rows({ limit: 10_000 }).map(({ at }) => at);
    assert.equal(kept[0], n);
    assert.ok(kept.length >= Math.min(n, 100), `row ${n}: ${kept.length} kept`);
    most = Math.max(most, kept.length);
  }
  assert.equal(most, 163);
});
