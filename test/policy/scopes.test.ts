// Owns the proof that scopes, previews and changes of the policy do what they say, with every part real but the directory.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Fault, type FaultCode } from '../../daemon/kernel/fault.ts';
import { DAY, later, toRfc3339 } from '../../daemon/kernel/instant.ts';
import { begin } from '../../daemon/login/begin.ts';
import { previewPolicy } from '../../daemon/policy/preview.ts';
import { setPolicy, showPolicy } from '../../daemon/policy/set.ts';
import { type Actor, ROOT } from '../../daemon/service/actor.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import type { PolicyWanted } from '../../daemon/wire/admin.ts';
import { type House, makeHouse, person } from '../service/house.ts';
import { enrolled, NOW } from '../store/board.ts';

const wanted = (changed: Partial<PolicyWanted> = {}): PolicyWanted => ({
  scope: 'none',
  graceDays: 0,
  users: [],
  groups: [],
  exceptUsers: [],
  exceptGroups: [],
  ...changed,
});

async function setUp(t: TestContext): Promise<House> {
  const house = await makeHouse(t);
  const system = { ...person('backup', 34), shell: '/usr/sbin/nologin' };
  house.nss.accounts = [
    person('root', 0),
    system,
    ...['alice', 'bob', 'carol'].map((name, i) => person(name, 1000 + i)),
  ];
  house.nss.groups = { alice: ['sudo'], bob: ['users', 'family'], carol: ['users'], backup: ['family'] };
  return house;
}

const set = (parts: Parts, changed: Partial<PolicyWanted>, force = false, actor: Actor = ROOT) =>
  setPolicy(parts, { ...wanted(changed), force }, showPolicy(parts).version, actor);

/** What a login of this user comes to. */
async function comesTo(parts: Parts, user: string): Promise<string> {
  const begun = await begin(parts, { user, service: 'web' });
  if (begun.kind === 'admission')
    return 'because' in begun.admission.document ? begun.admission.document.because : '';
  return begun.kind === 'deny' ? begun.because : begun.kind;
}

const refusedAs = (code: FaultCode, words?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault);
  assert.equal(error.code, code, error.message);
  if (words) assert.match(error.message, words);
  return true;
};

test('who enters a group is covered at the next login, and who leaves it is not', async (t) => {
  const { parts, nss } = await setUp(t);
  await set(parts, { scope: 'specific', groups: ['family'] });
  assert.equal(await comesTo(parts, 'bob'), 'enrol');
  assert.equal(await comesTo(parts, 'carol'), 'not-enrolled');
  nss.groups = { ...nss.groups, bob: ['users'], carol: ['users', 'family'] };
  assert.equal(await comesTo(parts, 'bob'), 'not-enrolled');
  assert.equal(await comesTo(parts, 'carol'), 'enrol');
  assert.equal(await comesTo(parts, 'backup'), 'exempt');
});

test('administrators, specific users and exceptions are told apart', async (t) => {
  const { parts } = await setUp(t);
  await set(parts, { scope: 'administrators' }, true);
  assert.deepEqual(await Promise.all(['root', 'alice', 'bob'].map((name) => comesTo(parts, name))), [
    'enrol',
    'enrol',
    'not-enrolled',
  ]);
  await set(parts, { scope: 'specific', users: ['bob'], exceptGroups: ['family'] });
  assert.equal(await comesTo(parts, 'bob'), 'exempt');
  await set(parts, { scope: 'all', exceptUsers: ['carol'] }, true);
  assert.deepEqual(await Promise.all(['bob', 'carol'].map((name) => comesTo(parts, name))), [
    'enrol',
    'exempt',
  ]);
});

test('groups stay as last known while the directory is away; where they never were, he is refused with the cause', async (t) => {
  const { parts, nss } = await setUp(t);
  await set(parts, { scope: 'specific', groups: ['family'] });
  assert.equal(await comesTo(parts, 'bob'), 'enrol');
  const known = nss.accounts;
  nss.accounts = null;
  assert.equal(await comesTo(parts, 'bob'), 'enrol');
  assert.equal(await comesTo(parts, 'stranger'), 'directory-unavailable');
  // Known by his row alone: his groups were never asked for.
  await parts.state.write((tables) => tables.users.add('dave', 1009));
  assert.equal(await comesTo(parts, 'dave'), 'directory-unavailable');
  const [row] = parts.state.read((tables) => tables.audit.rows({ limit: 1 }));
  assert.deepEqual([row?.outcome, row?.because], ['deny', 'directory-unavailable']);
  nss.accounts = known;
  assert.equal(await comesTo(parts, 'bob'), 'enrol');
});

test('a preview says who is in scope, who has enrolled and who would be stuck, and changes nothing', async (t) => {
  const { parts } = await setUp(t);
  await enrolled(parts.state, 'bob', 1001);
  const before = showPolicy(parts);
  const preview = await previewPolicy(parts, wanted({ scope: 'all', exceptUsers: ['carol'] }));
  assert.deepEqual(
    preview.users.map(({ name, state, administrator }) => [name, state, administrator]),
    [
      ['alice', 'not-enrolled', true],
      ['bob', 'enrolled', false],
      ['root', 'not-enrolled', true],
    ],
  );
  const counts = { inScope: 3, enrolled: 1, notEnrolled: 2, withoutSecurityEmail: 3, exempt: 1 };
  assert.deepEqual([preview.counts, preview.stuck, preview.complete], [counts, ['alice'], true]);
  const graced = await previewPolicy(parts, wanted({ scope: 'all', graceDays: 3 }));
  assert.deepEqual(graced.stuck, []);
  assert.equal(graced.users[0]?.graceUntil, toRfc3339(later(NOW, 3 * DAY)));
  assert.deepEqual(showPolicy(parts), before);
});

test('a policy that would strand an administrator is refused, unless somebody insists', async (t) => {
  const { parts, nss, clock } = await setUp(t);
  const before = showPolicy(parts);
  await assert.rejects(
    set(parts, { scope: 'all' }),
    refusedAs('policy-would-strand', /^alice is an administrator/),
  );
  await assert.rejects(set(parts, { scope: 'administrators' }), refusedAs('policy-would-strand'));
  await assert.rejects(set(parts, { scope: 'specific', groups: ['sudo'] }), refusedAs('policy-would-strand'));
  assert.deepEqual(showPolicy(parts), before, 'nothing was changed');
  await set(parts, { scope: 'specific', groups: ['family'] });
  await set(parts, { scope: 'all', graceDays: 1 });
  // Grace that is over is none.
  assert.equal(await comesTo(parts, 'alice'), 'grace');
  clock.now = later(clock.now, DAY);
  await assert.rejects(set(parts, { scope: 'all', graceDays: 1 }), refusedAs('policy-would-strand'));
  await set(parts, { scope: 'all', graceDays: 1, from: toRfc3339(later(clock.now, DAY)) });
  await assert.rejects(
    set(parts, { scope: 'all', from: toRfc3339(later(clock.now, 1000)) }),
    refusedAs('policy-would-strand'),
    'a start in a moment is no time to enrol',
  );
  // Who cannot be told from an administrator counts as one.
  nss.groups = { ...nss.groups, alice: [] };
  await set(parts, { scope: 'all' });
});

test('whoever sets a policy on web.sock has to be enrolled himself, and cannot insist', async (t) => {
  const { parts } = await setUp(t);
  const alice: Actor = { kind: 'user', name: 'alice', uid: 1000, address: '192.0.2.1' };
  await assert.rejects(
    set(parts, { scope: 'all', graceDays: 9 }, true, alice),
    refusedAs('policy-would-strand', /yourself/),
  );
  await enrolled(parts.state, 'alice', 1000);
  await set(parts, { scope: 'all' }, false, alice);
  const [row] = parts.state.read((tables) => tables.audit.rows({ limit: 1 }));
  assert.deepEqual(
    [row?.user, row?.service, row?.address, row?.outcome],
    ['alice', 'web.sock', '192.0.2.1', 'policy-set'],
  );
});

test('unknown users and groups are named one by one, and nothing is changed', async (t) => {
  const { parts, nss } = await setUp(t);
  const before = showPolicy(parts);
  const names = {
    users: ['bob', 'bbo'],
    groups: ['family', 'famly'],
    exceptUsers: ['carl'],
    exceptGroups: ['x y'],
  };
  await assert.rejects(
    set(parts, { scope: 'specific', ...names }),
    refusedAs('policy-names-unknown', /know: user bbo, group famly, user carl, group x y\./),
  );
  nss.accounts = null;
  await assert.rejects(
    set(parts, { scope: 'specific', users: ['zoe'] }),
    refusedAs('directory-unavailable', /user zoe/),
  );
  assert.deepEqual(showPolicy(parts), before);
});

test('of two who save what they read at once, the second is told', async (t) => {
  const { parts } = await setUp(t);
  const { version } = showPolicy(parts);
  const save = (graceDays: number) =>
    setPolicy(parts, { ...wanted({ scope: 'all', graceDays }), force: false }, version, ROOT);
  const [first, second] = await Promise.allSettled([save(5), save(9)]);
  assert.equal(first.status, 'fulfilled');
  assert.ok(second.status === 'rejected' && refusedAs('policy-changed')(second.reason));
  assert.equal(showPolicy(parts).current.graceDays, 5);
});

test('a policy from a date on bites then and not before; a change replaces it', async (t) => {
  const { parts, clock } = await setUp(t);
  const start = later(clock.now, 2 * DAY);
  const open = await begin(parts, { user: 'bob', service: 'web' });
  assert.equal(open.kind, 'admission');
  await set(parts, { scope: 'all', from: toRfc3339(start) });
  assert.equal(showPolicy(parts).current.scope, 'none');
  assert.equal(showPolicy(parts).coming?.startsAt, start);
  clock.now = later(start, -1);
  assert.equal(await comesTo(parts, 'bob'), 'not-enrolled');
  clock.now = start;
  assert.equal(await comesTo(parts, 'bob'), 'enrol');
  clock.now = later(start, -DAY);
  assert.equal(await comesTo(parts, 'bob'), 'enrol', 'a clock set back does not undo it');
  await set(parts, { scope: 'none', from: toRfc3339(later(start, DAY)) });
  await set(parts, { scope: 'specific', users: ['carol'] });
  assert.equal(showPolicy(parts).coming, null);
  assert.equal(await comesTo(parts, 'bob'), 'not-enrolled');
});
