// Owns the proof of what is remembered of a directory, for how long, and what an outage changes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Account } from '../../daemon/accounts/account.ts';
import { type CachedDirectory, createCachedDirectory } from '../../daemon/accounts/cache.ts';
import { type Directory, type Resolution, unavailable } from '../../daemon/accounts/directory.ts';

const account = (name: string, uid = 1000): Account => ({ name, uid, gid: uid, shell: '/bin/sh' });
const found = (name: string, uid = 1000): Resolution => ({
  kind: 'found',
  account: account(name, uid),
  stale: false,
});

let answers: Map<string, Resolution>;
let membership: readonly string[] | null;
let asked: string[];
let time: number;
let cache: CachedDirectory;

const inner: Directory = {
  resolve: async (name) => {
    asked.push(name);
    return answers.get(name) ?? { kind: 'unknown' };
  },
  groups: async ({ name }) => {
    asked.push(`groups ${name}`);
    if (membership === null) throw unavailable('which groups');
    return membership;
  },
  group: async () => ({ kind: 'unknown' }),
  list: async () => [account('alice')],
};

beforeEach(() => {
  answers = new Map([['alice', found('alice')]]);
  membership = ['users'];
  asked = [];
  time = 0;
  cache = createCachedDirectory(inner, () => time, 4);
});

test('something found is given for 60 s without asking, then asked again', async () => {
  assert.deepEqual(await cache.resolve('alice'), found('alice'));
  time = 59_999;
  assert.deepEqual(await cache.resolve('alice'), found('alice'));
  assert.equal(asked.length, 1);
  time = 60_000;
  answers.set('alice', found('alice', 2000));
  assert.deepEqual(await cache.resolve('alice'), found('alice', 2000));
  assert.equal(asked.length, 2);
});

test('"unknown" lasts a second, so that a user who was just created gets in', async () => {
  assert.deepEqual(await cache.resolve('bob'), { kind: 'unknown' });
  answers.set('bob', found('bob'));
  time = 999;
  assert.deepEqual(await cache.resolve('bob'), { kind: 'unknown' });
  time = 1_000;
  assert.deepEqual(await cache.resolve('bob'), found('bob'));
  answers.delete('bob');
  time = 61_000;
  assert.deepEqual(await cache.resolve('bob'), { kind: 'unknown' });
});

test('in an outage an account stays as last known, at any age, and is marked stale', async () => {
  await cache.resolve('alice');
  answers.set('alice', { kind: 'unavailable' }).set('bob', { kind: 'unavailable' });
  const stale = { ...found('alice'), stale: true };
  for (time of [60_000, 60_500, 1e12]) assert.deepEqual(await cache.resolve('alice'), stale);
  assert.deepEqual(asked, ['alice', 'alice', 'alice'], 'asked once a second at most');
  assert.deepEqual(await cache.resolve('bob'), { kind: 'unavailable' });
});

test('"unknown" is passed on but forgets nothing', async () => {
  await cache.resolve('alice');
  answers.delete('alice');
  time = 60_000;
  assert.deepEqual(await cache.resolve('alice'), { kind: 'unknown' });
  assert.deepEqual(cache.peek('alice'), account('alice'));
});

test('a directory that breaks is one that cannot answer', async () => {
  const broken = createCachedDirectory({ ...inner, resolve: () => Promise.reject(new Error()) }, () => 0);
  assert.deepEqual(await broken.resolve('alice'), { kind: 'unavailable' });
});

test('peek does not wait; refresh looks up in the background, unless what is known is fresh', async () => {
  assert.equal(cache.peek('alice'), null);
  assert.deepEqual(asked, []);
  cache.refresh('alice');
  await cache.resolve('alice');
  assert.deepEqual(cache.peek('alice'), account('alice'));
  asked = [];
  time = 59_999;
  cache.refresh('alice');
  assert.deepEqual(asked, []);
  await new Promise(setImmediate);
  time = 60_000;
  cache.refresh('alice');
  assert.deepEqual(asked, ['alice']);
});

test('a rush of logins starts one look-up in the background, not one each', async () => {
  cache.refresh('alice');
  cache.refresh('bob');
  cache.refresh('carol');
  assert.deepEqual(asked, ['alice']);
  await new Promise(setImmediate);
  cache.refresh('bob');
  assert.deepEqual(asked, ['alice', 'bob']);
});

test('only so many are remembered: the one used longest ago goes, and unknown names push nothing out', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    answers.set(name, found(name));
    await cache.resolve(name);
  }
  cache.peek('a');
  for (let n = 0; n < 100; n++) await cache.resolve(`invented-${n}`);
  assert.deepEqual(cache.peek('a'), account('a'));
  await cache.resolve('alice');
  assert.deepEqual(cache.peek('b'), null);
  assert.deepEqual(cache.peek('a'), account('a'));
});

test('groups: fresh for 60 s, as last known in an outage, a fault where nothing is known', async () => {
  const alice = account('alice');
  assert.deepEqual(await cache.groups(alice), ['users']);
  membership = ['users', 'sudo'];
  time = 59_999;
  assert.deepEqual(await cache.groups(alice), ['users']);
  time = 60_000;
  assert.deepEqual(await cache.groups(alice), ['users', 'sudo']);
  membership = null;
  time = 1e12;
  assert.deepEqual(await cache.groups(alice), ['users', 'sudo']);
  await assert.rejects(cache.groups(account('alice', 2000)), { code: 'directory-unavailable' });
});
