// Owns the proof of what a changed password and a removed account end, and of what root sees of users after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { describeUser, describeUsers } from '../../daemon/accounts/describe.ts';
import { accountEvent } from '../../daemon/accounts/event.ts';
import { DAY, later } from '../../daemon/kernel/instant.ts';
import { begin } from '../../daemon/login/begin.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import { user as userDocument } from '../../daemon/wire/admin.ts';
import { policy } from '../policy/rules.ts';
import { makeHouse, person } from '../service/house.ts';
import { enrolled, NOW } from '../store/board.ts';

const rowOf = (parts: Parts, name: string) => parts.state.read((t) => t.users.byName(name));

for (const event of ['password-changed', 'removed'] as const) {
  test(`${event}: what was issued before ends, in the database and in the roster`, async (t) => {
    const { parts, nss } = await makeHouse(t);
    nss.accounts = [person('alice', 1000), person('bob', 1001)];
    const id = await enrolled(parts.state, 'alice', 1000);
    await enrolled(parts.state, 'bob', 1001);
    const begun = await begin(parts, { user: 'alice', service: 'web' });
    assert.equal(begun.kind, 'challenge');
    const login = begun.kind === 'challenge' ? begun.login : '';
    const others = await begin(parts, { user: 'bob', service: 'web' });
    const before = rowOf(parts, 'alice');
    assert.ok(before);
    await accountEvent(parts, 'alice', event);
    const after = rowOf(parts, 'alice');
    const removedAt = event === 'removed' ? NOW : null;
    const changed = { generation: before.generation + 1, counter: before.counter + 1, removedAt };
    assert.deepEqual({ ...after }, { ...before, ...changed });
    assert.equal(parts.state.roster.byName('alice')?.counter, before.counter + 1);
    assert.throws(() => parts.logins.find(login, 'alice', 0), { code: 'unknown-login' });
    assert.ok(others.kind === 'challenge' && parts.logins.find(others.login, 'bob', 0));
    assert.ok(
      parts.state.read((tables) => tables.factors.of(id)),
      'root deletes, nobody else',
    );
    const [audited] = parts.state.read((tables) => tables.audit.rows({ limit: 1 }));
    assert.deepEqual([audited?.user, audited?.outcome, audited?.because], ['alice', event, 'reported']);
  });
}

test('a new password opens TOTP again to strangers; a removal does not', async (t) => {
  const { parts } = await makeHouse(t);
  const id = await enrolled(parts.state, 'alice', 1000);
  const failures = () => parts.state.read((tables) => tables.factors.of(id))?.strangersFailures;
  await parts.state.write((tables) => {
    const factor = tables.factors.of(id);
    if (factor) tables.factors.save({ ...factor, strangersFailures: 100 });
  });
  await accountEvent(parts, 'alice', 'removed');
  assert.equal(failures(), 100);
  await accountEvent(parts, 'alice', 'password-changed');
  assert.equal(failures(), 0);
  assert.equal(rowOf(parts, 'alice')?.removedAt, NOW, 'a password does not bring an account back');
});

test('another way of writing the name means the same user; nobody at all is not told from somebody', async (t) => {
  const { parts, nss } = await makeHouse(t);
  nss.accounts = [person('alice', 1000)];
  await enrolled(parts.state, 'alice', 1000);
  await accountEvent(parts, 'ALICE', 'password-changed');
  assert.equal(rowOf(parts, 'alice')?.generation, 3);
  assert.equal(await accountEvent(parts, 'nobody', 'password-changed'), undefined);
  nss.accounts = null;
  const begun = await begin(parts, { user: 'alice', service: 'web' });
  assert.ok(begun.kind === 'challenge');
  await accountEvent(parts, 'alice', 'password-changed');
  assert.equal(rowOf(parts, 'alice')?.generation, 4, 'NSS away: the exact name is enough');
  assert.throws(() => parts.logins.find(begun.login, 'alice', 0), { code: 'unknown-login' });
});

test('a login of somebody without a row ends too', async (t) => {
  const { parts, nss } = await makeHouse(t);
  nss.accounts = [person('bob', 1001)];
  await parts.state.write((tables) => tables.policies.put(policy(2, { scope: 'all' }), NOW));
  const begun = await begin(parts, { user: 'bob', service: 'web' });
  assert.ok(begun.kind === 'enrol');
  await accountEvent(parts, 'bob', 'password-changed');
  assert.throws(() => parts.logins.find(begun.login, 'bob', 0), { code: 'unknown-login' });
});

test('without a state an event is refused, so that the pipeline tries again', async (t) => {
  const { parts } = await makeHouse(t);
  parts.state.close();
  await assert.rejects(accountEvent(parts, 'alice', 'removed'), { code: 'store-unavailable' });
});

test('root sees everybody: with a row, without one, gone from NSS, lost, removed, or somebody else now', async (t) => {
  const { parts, nss } = await makeHouse(t);
  nss.accounts = [
    person('alice', 1000),
    person('bob', 1001),
    person('moved', 2002),
    person('root', 0),
    { ...person('daemon', 2), shell: '/usr/sbin/nologin' },
  ];
  nss.groups = { alice: ['users', 'sudo'] };
  const { state } = parts;
  const alice = await enrolled(state, 'alice', 1000);
  await enrolled(state, 'gone', 1004);
  await enrolled(state, 'removed', 1005);
  await accountEvent(parts, 'removed', 'removed');
  await state.write((tables) => {
    tables.users.add('moved', 1002);
    tables.recoveryCodes.replace(alice, 'code', [Buffer.alloc(32), Buffer.alloc(32, 1)], NOW, null);
    tables.recoveryCodes.replace(alice, 'pass', [Buffer.alloc(32, 2)], NOW, later(NOW, DAY));
  });
  state.roster.record({ name: 'lost', uid: 1003, counter: 4 });
  await parts.directory.resolve('moved');
  const users = await describeUsers(parts);
  for (const one of users) assert.deepEqual(v.parse(userDocument, one), one);
  assert.deepEqual(
    users.map(({ name, uid, state: is, administrator }) => [name, uid, is, administrator]),
    [
      ['alice', 1000, 'enrolled', true],
      ['bob', 1001, 'not-enrolled', false],
      ['gone', 1004, 'enrolled', false],
      ['lost', 1003, 'state-lost', false],
      ['moved', 1002, 'identity-changed', false],
      ['removed', 1005, 'removed', false],
      ['root', 0, 'not-enrolled', true],
    ],
  );
  assert.deepEqual(users[0], await describeUser(parts, 'alice'));
  assert.deepEqual(users[0], {
    name: 'alice',
    uid: 1000,
    state: 'enrolled',
    administrator: true,
    required: false,
    methods: ['totp', 'recovery-code'],
    enrolledAt: '2026-11-24T08:00:00.000Z',
    lastLogin: null,
    recoveryCodes: 3,
    securityEmail: { address: null, confirmed: false, pending: null },
    trustedDevices: 0,
    ready: true,
    pass: '2026-11-25T08:00:00.000Z',
    driftSteps: 0,
    failures: { strangers: 0, knownDevices: 0 },
    form: 'single',
    totpSuspended: false,
    enrolBy: null,
  });
  nss.accounts = null;
  const away = await describeUsers(parts);
  assert.deepEqual(
    away.map(({ name }) => name),
    ['alice', 'gone', 'lost', 'moved', 'removed'],
    'with NSS away, whoever the daemon knows',
  );
});

test('in scope and in grace: since when is known once he has logged in', async (t) => {
  const { parts, nss, clock } = await makeHouse(t);
  nss.accounts = [person('bob', 1001)];
  await parts.state.write((tables) => tables.policies.put(policy(2, { scope: 'all', graceDays: 7 }), NOW));
  const before = await describeUser(parts, 'bob');
  assert.deepEqual([before.required, before.enrolBy], [true, null]);
  await begin(parts, { user: 'bob', service: 'web' });
  assert.equal((await describeUser(parts, 'bob')).enrolBy, '2026-12-01T08:00:00.000Z');
  clock.now = later(NOW, 7 * DAY);
  assert.equal((await describeUser(parts, 'bob')).enrolBy, null);
  await assert.rejects(describeUser(parts, 'nobody'), { code: 'unknown-user' });
});
