// Owns the proof that the daily look at the directory marks and unmarks, and that a mark decides nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAccounts } from '../../daemon/accounts/check.ts';
import { describeUser } from '../../daemon/accounts/describe.ts';
import { accountEvent } from '../../daemon/accounts/event.ts';
import { DAY, later } from '../../daemon/kernel/instant.ts';
import { begin } from '../../daemon/login/begin.ts';
import { makeHouse, person } from '../service/house.ts';
import { enrolled } from '../store/board.ts';

test('whom the directory no longer knows is marked, keeps his factor, and is unmarked when he is back', async (t) => {
  const { parts, nss } = await makeHouse(t);
  const everybody = [person('alice', 1000), person('bob', 1001)];
  nss.accounts = everybody;
  await enrolled(parts.state, 'alice', 1000);
  await enrolled(parts.state, 'bob', 1001);
  const marks = () =>
    parts.state.read((tables) => tables.users.all().map(({ missingSince }) => missingSince !== null));
  const trail = () =>
    parts.state.read((tables) =>
      tables.audit.rows({ limit: 9 }).map((row) => `${row.user} ${row.outcome} ${row.because}`),
    );

  await checkAccounts(parts);
  assert.deepEqual([marks(), trail()], [[false, false], []]);
  nss.accounts = null;
  await checkAccounts(parts);
  assert.deepEqual(marks(), [false, false], 'a directory that is away says nothing about anybody');

  nss.accounts = [person('bob', 1999)];
  await checkAccounts(parts);
  await checkAccounts(parts);
  assert.deepEqual(marks(), [true, true]);
  assert.deepEqual(trail(), ['bob missing identity-changed', 'alice missing unknown-user'], 'said once');
  assert.equal((await describeUser(parts, 'alice')).state, 'removed');
  assert.equal((await begin(parts, { user: 'alice', service: 'web' })).kind, 'challenge');
  // The new bob is neither the old one nor somebody who has not enrolled.
  const bob = await begin(parts, { user: 'bob', service: 'web' });
  assert.deepEqual(bob, { kind: 'deny', because: 'identity-changed' });

  nss.accounts = everybody;
  await checkAccounts(parts);
  assert.deepEqual(marks(), [false, false]);
  assert.equal((await describeUser(parts, 'alice')).state, 'enrolled');

  await accountEvent(parts, 'alice', 'removed');
  await checkAccounts(parts);
  assert.equal((await describeUser(parts, 'alice')).state, 'removed', 'what the pipeline reported stays');
});

test('old audit rows are forgotten by age, but not by a clock that has lost the time', async (t) => {
  const { parts, clock } = await makeHouse(t);
  const row = { user: 'alice', service: null, address: null, outcome: 'allow', because: null };
  await parts.state.write((tables) => {
    for (const day of [0, 300, 400]) tables.audit.add({ ...row, at: later(clock.now, day * DAY) });
  });
  const left = () => parts.state.read((tables) => tables.audit.rows({ limit: 9 }).length);
  clock.now = later(clock.now, 400 * DAY);
  clock.trust = 'below-floor';
  await checkAccounts(parts);
  assert.equal(left(), 3);
  clock.trust = 'plausible';
  await checkAccounts(parts);
  assert.equal(left(), 2);
});
