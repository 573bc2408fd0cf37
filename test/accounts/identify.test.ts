// Owns the proof of who a name is: no way of writing it, and no silence of NSS, gets around a factor.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type CachedDirectory, createCachedDirectory } from '../../daemon/accounts/cache.ts';
import { type Directory, type Resolution, UNAVAILABLE, UNKNOWN } from '../../daemon/accounts/directory.ts';
import { type Identity, identify, stateDenial } from '../../daemon/accounts/identify.ts';
import { resolveAccount } from '../../daemon/accounts/resolve-account.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import type { State } from '../../daemon/store/state.ts';
import { factorOf, makeBoard } from '../store/board.ts';
import { account, bare, CASES, enrolled, found, type Known, lost } from './identify.table.ts';

/** NSS as a table; `during` runs while it is being asked. */
function nss(answers: Record<string, Resolution>, during: () => Promise<void> | void = () => {}) {
  const asked: string[] = [];
  const inner: Directory = {
    resolve: async (name) => {
      asked.push(name);
      await during();
      return answers[name] ?? UNKNOWN;
    },
    groups: async () => [],
    group: async () => UNKNOWN,
    list: async () => [],
  };
  return { asked, directory: createCachedDirectory(inner, () => 0) };
}

async function know(state: State, people: Record<string, Known>): Promise<void> {
  for (const [name, { uid, row, ahead }] of Object.entries(people)) {
    const user = row
      ? await state.write((t) => {
          const added = t.users.add(name, uid);
          if (row === 'enrolled') t.factors.add(factorOf(added.id));
          return t.users.save({ ...added, generation: 2, counter: 1 });
        })
      : { name, uid, counter: 1 };
    if (ahead !== null) state.roster.record({ ...user, counter: user.counter + ahead });
  }
}

/** One word for what came out. */
function said(identity: Identity): string {
  switch (identity.kind) {
    case 'deny':
      return identity.because;
    case 'user':
      return `user ${identity.user.name}`;
    case 'account':
      return `account ${identity.account.name}`;
  }
}

const A1000 = found('alice', 1000);

for (const { what, name, uid, people, answers, is } of CASES) {
  test(`${name}, ${what}: ${is}`, async (t) => {
    const state = makeBoard(t).open();
    await know(state, people);
    const { directory } = nss(answers);
    assert.equal(said(await identify(state, directory, name, uid)), is);
  });
}

test('an enrolled exact name never waits for NSS', async (t) => {
  const state = makeBoard(t).open();
  await know(state, { alice: enrolled(1000) });
  const silent: Directory = {
    resolve: () => new Promise(() => {}),
    groups: () => new Promise(() => {}),
    group: () => new Promise(() => {}),
    list: () => new Promise(() => {}),
  };
  const directory = createCachedDirectory(silent, () => 0);
  assert.equal(said(await identify(state, directory, 'alice', 1000)), 'user alice');
});

test('he is looked up in the background, and what NSS last said counts the next time', async (t) => {
  const state = makeBoard(t).open();
  await know(state, { alice: enrolled(1000) });
  const { asked, directory } = nss({ alice: found('alice', 2000) });
  assert.equal(said(await identify(state, directory, 'alice', undefined)), 'user alice');
  assert.deepEqual(asked, ['alice']);
  await directory.resolve('alice');
  assert.equal(said(await identify(state, directory, 'alice', undefined)), 'identity-changed');
});

test('the account that NSS gave comes along, and is null where it never said', async (t) => {
  const state = makeBoard(t).open();
  await know(state, { alice: bare(1000), bob: bare(1001) });
  const { directory } = nss({ alice: A1000 });
  const of = async (name: string) => {
    const identity = await identify(state, directory, name, undefined);
    return identity.kind === 'user' ? identity.account : assert.fail(said(identity));
  };
  assert.deepEqual(await of('alice'), account('alice', 1000));
  assert.equal(await of('bob'), null);
});

async function enrolNow(state: State, name: string, uid: number): Promise<void> {
  if (state.read((t) => t.users.byName(name))) return;
  await know(state, { [name]: enrolled(uid) });
}

for (const [what, answers, name] of [
  ['by his name', { alice: A1000 }, 'alice'],
  ['by another way of writing it', { Alice: A1000, alice: A1000 }, 'Alice'],
  ['by a second name', { toor: found('toor', 1000), alice: A1000 }, 'toor'],
  ['while NSS does not know him', {}, 'alice'],
  ['while NSS is away', { alice: UNAVAILABLE }, 'alice'],
] as const) {
  test(`enrolled while NSS was asked, ${what}: he is found`, async (t) => {
    const state = makeBoard(t).open();
    const { directory } = nss(answers, () => enrolNow(state, 'alice', 1000));
    assert.equal(said(await identify(state, directory, name, undefined)), 'user alice');
  });
}

test('enrolled under the new name while NSS was asked about the old one: that row counts', async (t) => {
  const state = makeBoard(t).open();
  await know(state, { old: bare(1000) });
  const answers = { toor: found('toor', 1000), old: UNKNOWN };
  const { asked, directory } = nss(answers, async () => {
    if (asked.at(-1) !== 'old') return;
    await state.write((t) => {
      const row = t.users.byName('old');
      if (row) t.users.remove(row);
    });
    await enrolNow(state, 'toor', 1000);
  });
  assert.equal(said(await identify(state, directory, 'toor', undefined)), 'user toor');
});

test('the state went away while NSS was asked: that is what is said', async (t) => {
  const state = makeBoard(t).open();
  const { directory } = nss({ alice: A1000 }, () => state.close());
  await assert.rejects(identify(state, directory, 'alice', undefined), { code: 'store-unavailable' });
});

type Broken = readonly [
  what: string,
  lose: readonly ('key' | 'database')[],
  inRoster: string,
  others: string,
];
const BROKEN: readonly Broken[] = [
  ['the key is gone', ['key'], 'key-missing', 'key-missing'],
  ['the database is gone', ['database'], 'state-lost', 'store-unavailable'],
  ['both are gone', ['key', 'database'], 'key-missing', 'key-missing'],
];

for (const [what, lose, inRoster, others] of BROKEN) {
  test(`${what}: nobody is "not enrolled", and NSS is not even asked`, async (t: TestContext) => {
    const board = makeBoard(t);
    const before = board.open();
    await know(before, { alice: enrolled(1000) });
    before.close();
    for (const part of lose) rmSync(board.places[part]);
    const state = board.open();
    const { asked, directory } = nss({ alice: A1000, bob: found('bob', 1001) });
    assert.equal(said(await identify(state, directory, 'alice', undefined)), inRoster);
    assert.equal(said(await identify(state, directory, 'bob', undefined)), others);
    assert.equal(stateDenial(state, 'bob'), others);
    assert.deepEqual(asked, []);
  });
}

/** `resolveAccount` needs no more of the parts than this. */
const partsOf = (state: State, directory: CachedDirectory) => ({ state, directory }) as Parts;

test('root names a user by any of his names; each refusal is an error with a way on', async (t) => {
  const state = makeBoard(t).open();
  await know(state, { alice: enrolled(1000), lost: lost(1002), moved: bare(1003) });
  const { directory } = nss({
    Alice: A1000,
    bob: found('bob', 1001),
    moved: found('moved', 2003),
    away: UNAVAILABLE,
  });
  const parts = partsOf(state, directory);
  const alice = await resolveAccount(parts, 'Alice');
  assert.deepEqual([alice.name, alice.uid, alice.user?.name], ['alice', 1000, 'alice']);
  assert.deepEqual(await resolveAccount(parts, 'bob'), { name: 'bob', uid: 1001, user: null });
  const refusals = {
    nobody: 'unknown-user',
    lost: 'state-lost',
    moved: 'identity-changed',
    away: 'directory-unavailable',
  };
  for (const [name, code] of Object.entries(refusals)) {
    await assert.rejects(resolveAccount(parts, name), (error: { code: string; hint: string }) => {
      assert.equal(error.code, code);
      assert.notEqual(error.hint, '');
      return true;
    });
  }
  state.close();
  await assert.rejects(resolveAccount(parts, 'alice'), { code: 'store-unavailable' });
});
