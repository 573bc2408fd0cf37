// Owns the proof that a device's tokens rotate: a lost answer costs nothing, a copy is found out, and no two live on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { look, type Present, recognise } from '../../daemon/devices/recognise.ts';
import { countTrusted, endDevices, issueTrusted, trust } from '../../daemon/devices/trust.ts';
import { DAY, HOUR, type Instant, later } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import type { User } from '../../daemon/store/users.ts';
import { makeTables, NOW, SEALING } from '../store/board.ts';

const AGENT = { browser: 'Firefox', system: 'Linux' };
const DAYS = 30;
const { key } = SEALING;

type Tables = ReturnType<typeof makeTables>['tables'];

function present(now: Instant): Present & { random: typeof systemRandom; address: string | null } {
  return { now, clock: 'trusted', days: DAYS, key, random: systemRandom, address: '192.0.2.7' };
}

/** A device with its first token. */
function trusted(t: Tables, user: User, now = NOW, name = 'laptop') {
  const { device, newPlace } = trust(t, user, { name, agent: AGENT, address: '192.0.2.7' }, now, DAYS);
  const { token } = issueTrusted(t, user, device, device.until, { key, random: systemRandom });
  return { device, token, newPlace };
}

/** What a login with this token is told, and the token it is given. */
function shows(t: Tables, user: User, token: string, now: Instant) {
  const found = recognise(t, user, token, present(now));
  return { is: found.kind, next: found.kind === 'trusted' ? (found.successor?.token ?? null) : null };
}

test('a token is good until its successor is shown; then it gives the theft away, and nothing is left', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const { token, device } = trusted(tables, alice);
  assert.deepEqual(shows(tables, alice, token, later(NOW, HOUR)), { is: 'trusted', next: null });
  const first = shows(tables, alice, token, later(NOW, DAY));
  assert.ok(first.next);
  assert.deepEqual(shows(tables, alice, token, later(NOW, DAY + HOUR)), { is: 'trusted', next: null });
  assert.equal(shows(tables, alice, first.next, later(NOW, DAY + 2 * HOUR)).is, 'trusted');
  assert.equal(shows(tables, alice, token, later(NOW, DAY + 3 * HOUR)).is, 'theft');
  assert.equal(tables.users.byId(alice.id)?.counter, 1, 'an older database must not bring it back');
  assert.equal(tables.devices.byId(device.id)?.because, 'stolen');
  for (const dead of [token, first.next])
    assert.equal(shows(tables, alice, dead, later(NOW, 2 * DAY)).is, 'asked');
});

test('an answer that was lost is made good by the next rotation; of two successors the first one shown stays', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const { token } = trusted(tables, alice);
  const lost = shows(tables, alice, token, later(NOW, DAY)).next ?? '';
  const kept = shows(tables, alice, token, later(NOW, 2 * DAY)).next ?? '';
  assert.notEqual(lost, kept);
  assert.equal(shows(tables, alice, kept, later(NOW, 2 * DAY + HOUR)).is, 'trusted');
  assert.equal(shows(tables, alice, lost, later(NOW, 2 * DAY + 2 * HOUR)).is, 'theft');
});

test('in another user’s login a token is nothing, and stays what it was', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const bob = tables.users.add('bob', 1001);
  const { token } = trusted(tables, alice);
  const next = shows(tables, alice, token, later(NOW, DAY)).next ?? '';
  shows(tables, alice, next, later(NOW, DAY));
  for (const one of [token, next]) {
    assert.deepEqual(look(tables, bob, one, present(later(NOW, DAY))), { kind: 'nothing' });
    assert.equal(shows(tables, bob, one, later(NOW, DAY)).is, 'asked');
  }
  assert.equal(shows(tables, alice, next, later(NOW, DAY)).is, 'trusted');
  const reborn = { ...alice, uid: 4242 };
  assert.deepEqual(look(tables, reborn, next, present(later(NOW, DAY))), { kind: 'nothing' });
});

test('a board that has lost the time exempts nobody, but knows the browser', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const { token } = trusted(tables, alice);
  const seen = look(tables, alice, token, { ...present(NOW), clock: 'below-floor' });
  assert.deepEqual(seen, { kind: 'ended', end: null, known: true });
  const dead = recognise(tables, alice, token, { ...present(NOW), clock: 'below-floor' });
  assert.equal(dead.kind, 'asked');
});

test('only a device in a network where none was seen is in a new place', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  assert.ok(trusted(tables, alice).newPlace);
  assert.ok(!trusted(tables, alice).newPlace);
  const wish = { name: 'phone', agent: AGENT, address: '198.51.100.1' };
  assert.ok(trust(tables, alice, wish, NOW, DAYS).newPlace);
  endDevices(tables, alice, NOW, 'password-changed');
  assert.ok(!trust(tables, alice, wish, NOW, DAYS).newPlace, 'what ended is remembered');
});

test('the fifty-first device takes the place of the one used least recently; twenty that ended are remembered', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const tokens = Array.from({ length: 51 }, (_, n) => trusted(tables, alice, later(NOW, n), `${n}`).token);
  assert.equal(countTrusted(tables, alice, later(NOW, 100), DAYS), 50);
  assert.equal(shows(tables, alice, tokens[0] ?? '', later(NOW, 100)).is, 'asked');
  assert.equal(shows(tables, alice, tokens[1] ?? '', later(NOW, 100)).is, 'trusted');
  const is = look(tables, alice, tokens[0] ?? '', present(later(NOW, 100)));
  assert.deepEqual(is, {
    kind: 'ended',
    end: { because: 'too-many', at: later(NOW, 50) },
    known: true,
  });
  endDevices(tables, alice, later(NOW, 200), 'password-changed');
  assert.equal(tables.devices.of(alice.id).length, 20);
});

test('devices that expired do not pile up, and their browsers stay known', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const tokens = Array.from(
    { length: 40 },
    (_, n) => trusted(tables, alice, later(NOW, n * 31 * DAY), `${n}`).token,
  );
  const now = later(NOW, 39 * 31 * DAY);
  assert.equal(tables.devices.of(alice.id).length, 21);
  assert.equal(countTrusted(tables, alice, now, DAYS), 1);
  const seen = look(tables, alice, tokens[38] ?? '', present(now));
  assert.deepEqual(seen, {
    kind: 'ended',
    end: { because: 'expired', at: later(NOW, (38 * 31 + 30) * DAY) },
    known: true,
  });
  assert.equal(tables.devices.byId(39)?.endedAt, later(NOW, (38 * 31 + 30) * DAY));
});

test('a device whose token nobody fetched is forgotten, and was never trusted', (t) => {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000);
  const wish = { name: 'page', agent: AGENT, address: null };
  const { device } = trust(tables, alice, wish, NOW, DAYS);
  assert.equal(countTrusted(tables, alice, NOW, DAYS), 0);
  trust(tables, alice, wish, later(NOW, HOUR), DAYS);
  assert.equal(tables.devices.byId(device.id), null);
});

/** Who holds what of one device: the owner, and a thief who copied the owner's tokens at some moment. */
type Step =
  | { readonly do: 'login'; readonly by: 'owner' | 'thief'; readonly answerLost: boolean }
  | { readonly do: 'copy' }
  | { readonly do: 'wait'; readonly hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('login' as const),
      by: fc.constantFrom('owner' as const, 'thief' as const),
      answerLost: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'copy' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 8, max: 30 }) }),
  },
);

/** One device as it ought to be: which of its tokens live, and which were shown. */
class Ought {
  live: Set<string>;
  readonly shown = new Set<string>();
  ended = false;

  constructor(first: string) {
    this.live = new Set([first]);
  }

  show(token: string, next: string | null): 'trusted' | 'theft' | 'asked' {
    if (this.ended) return 'asked';
    if (!this.live.has(token)) {
      this.ended = true;
      return 'theft';
    }
    if (!this.shown.has(token)) this.live = new Set([token]);
    this.shown.add(token);
    if (next !== null) this.live.add(next);
    return 'trusted';
  }
}

test('model: the owner alone is never suspected, and no thief goes on beside him', (t) => {
  const { tables, db } = makeTables(t);
  let uid = 2_000;
  let thefts = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
      const user = tables.users.add(`u${uid}`, uid++);
      const { token, device } = trusted(tables, user);
      const ought = new Ought(token);
      const holds: Record<'owner' | 'thief', string | null> = { owner: token, thief: null };
      /** Whose own token, that the other one never had, was taken at its word since the copy. */
      let alone = new Set<string>();
      let common = token;
      let now = NOW;
      for (const one of steps) {
        if (one.do === 'wait') now = later(now, one.hours * HOUR);
        if (one.do === 'copy') {
          holds.thief = common = holds.owner ?? token;
          alone = new Set();
        }
        const held = one.do === 'login' ? holds[one.by] : null;
        if (one.do !== 'login' || held === null) continue;
        if (now >= device.until) ought.ended = true;
        const { is, next } = shows(tables, user, held, now);
        assert.equal(is, ought.show(held, next));
        if (is === 'theft') {
          thefts++;
          assert.ok(holds.thief !== null, 'without a thief there is no theft');
        }
        if (is === 'trusted' && held !== common && holds.thief !== null) alone.add(one.by);
        assert.ok(alone.size < 2, 'two went on, each with a token of his own');
        if (next !== null && !one.answerLost) holds[one.by] = next;
        const presented = db.prepare('SELECT hash FROM device_token WHERE device = ? AND state = 1');
        assert.ok(presented.all(device.id).length <= 1);
      }
    }),
    { seed: 20_261_124, numRuns: 300 },
  );
  assert.ok(thefts > 20, `the model found ${thefts} thefts: it has to find some`);
});
