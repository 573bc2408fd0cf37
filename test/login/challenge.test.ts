// Owns the proof that open logins are bounded, private to their user, and over after a quarter of an hour.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant, MINUTE } from '../../daemon/kernel/instant.ts';
import { Logins, type NewLogin } from '../../daemon/login/challenge.ts';

const NOW = instant(0);

function loginOf(changed: Partial<NewLogin> = {}): NewLogin {
  return {
    kind: 'challenge',
    user: 'alice',
    uid: 1000,
    givenName: 'Alice',
    userId: 1,
    account: null,
    generation: { user: 1, policy: 1 },
    service: 'web',
    address: null,
    userAgent: null,
    locale: null,
    lane: 'strangers',
    source: 'none',
    trustEnded: null,
    ...changed,
  };
}

function make(most = 1_000): Logins {
  let drawn = 0;
  return new Logins(most, (count) => {
    const bytes = Buffer.alloc(count);
    bytes.writeUInt32BE(++drawn);
    return bytes;
  });
}

const unknown = { code: 'unknown-login' };

test('a login is found by the name it was begun with or the canonical one, and by nobody else', () => {
  const logins = make();
  const { id } = logins.open(loginOf(), NOW, 0);
  assert.equal(logins.find(id, 'alice', 0).id, id);
  assert.equal(logins.find(id, 'Alice', 0).id, id);
  for (const name of ['bob', 'ALICE', '']) assert.throws(() => logins.find(id, name, 0), unknown);
  assert.throws(() => logins.find(`${id}A`, 'alice', 0), unknown);
});

test('it lives for 15 minutes of time that really passed', () => {
  const logins = make();
  const { id } = logins.open(loginOf(), NOW, 5_000);
  assert.equal(logins.find(id, 'alice', 5_000 + 15 * MINUTE - 1).id, id);
  assert.throws(() => logins.find(id, 'alice', 5_000 + 15 * MINUTE), unknown);
});

test('an end of all ends those of one user', () => {
  const logins = make();
  const alice = logins.open(loginOf(), NOW, 0);
  const bob = logins.open(loginOf({ user: 'bob', uid: 1001 }), NOW, 0);
  logins.endAll(1000);
  assert.throws(() => logins.find(alice.id, 'alice', 0), unknown);
  assert.equal(logins.find(bob.id, 'bob', 0).id, bob.id);
});

test('a flood from one source pushes out its own logins, not those of another source or a known device', () => {
  const logins = make();
  const owner = logins.open(loginOf({ source: 'owner' }), NOW, 0);
  const known = logins.open(loginOf({ lane: 'known' }), NOW, 0);
  const flood = Array.from({ length: 500 }, () => logins.open(loginOf({ source: 'attacker' }), NOW, 1));
  assert.equal(logins.find(owner.id, 'alice', 1).id, owner.id);
  assert.equal(logins.find(known.id, 'alice', 1).id, known.id);
  const alive = flood.filter(({ id }) => {
    try {
      return logins.find(id, 'alice', 1);
    } catch {
      return false;
    }
  });
  assert.equal(alive.length, 63, "64 a lane, of which one is the owner's");
  assert.equal(alive.at(-1), flood.at(-1), 'the newest stay');
});

test('beyond the bound nobody begins, until the oldest have expired', () => {
  const logins = make(3);
  for (let uid = 0; uid < 3; uid++) logins.open(loginOf({ uid }), NOW, 0);
  assert.throws(() => logins.open(loginOf({ uid: 3 }), NOW, 1), { code: 'too-many-logins' });
  logins.open(loginOf({ uid: 3 }), NOW, 15 * MINUTE);
});
