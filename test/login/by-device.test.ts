// Owns the proof that a trusted device lets nobody in where roster, clock or medium cannot be believed.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { issueTrusted, trust } from '../../daemon/devices/trust.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { DAY, later } from '../../daemon/kernel/instant.ts';
import { begin } from '../../daemon/login/begin.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import type { State } from '../../daemon/store/state.ts';
import { makeHouse } from '../service/house.ts';
import { enrolled, NOW } from '../store/board.ts';

/** A house with alice and the token of a device that she trusts. */
async function trusting(t: TestContext) {
  const house = await makeHouse(t);
  const { parts } = house;
  const id = await enrolled(parts.state, 'alice', 1000);
  const token = await parts.state.write((tables) => {
    const user = tables.users.byId(id) ?? assert.fail();
    const wish = { name: 'laptop', agent: { browser: null, system: null }, address: null };
    const { device } = trust(tables, user, wish, NOW, 30);
    return issueTrusted(tables, user, device, device.until, { key: parts.state.key(), random: parts.random })
      .token;
  });
  return { ...house, id, token };
}

/** How a login with this token begins: let in, with a successor or without, or asked for a code. */
async function begins(parts: Parts, deviceToken: string) {
  const begun = await begin(parts, { user: 'alice', service: 'web', deviceToken });
  if (begun.kind !== 'admission') return { is: begun.kind, next: null } as const;
  const { document } = begun.admission;
  return { is: document.outcome, next: document.deviceToken ?? null } as const;
}

/** Parts whose commits fail. */
function withDeadMedium(parts: Parts): Parts {
  const { state } = parts;
  const dead = {
    roster: state.roster,
    problem: () => state.problem(),
    read: state.read.bind(state),
    key: () => state.key(),
    write: () => Promise.reject(new Fault('store-unavailable', 'The medium is gone.', 'Look at it.')),
  };
  return { ...parts, state: dead as unknown as State };
}

test('where the roster cannot be believed the device is asked for a code; when it can again, it is not', async (t) => {
  const { parts, token } = await trusting(t);
  parts.state.roster.sound = false;
  assert.equal((await begins(parts, token)).is, 'challenge');
  parts.state.roster.sound = true;
  assert.equal((await begins(parts, token)).is, 'allow');
});

test('where a commit fails nobody is let in, and nothing is lost: the token works afterwards', async (t) => {
  const { parts, clock, token } = await trusting(t);
  clock.now = later(NOW, DAY);
  await assert.rejects(begins(withDeadMedium(parts), token), { code: 'store-unavailable' });
  const { is, next } = await begins(parts, token);
  assert.equal(is, 'allow');
  assert.ok(next);
});

test('a theft that the roster could not take is a 503; the device has ended all the same', async (t) => {
  const { parts, board, clock, token, id } = await trusting(t);
  clock.now = later(NOW, DAY);
  const { next } = await begins(parts, token);
  await begins(parts, next ?? '');
  rmSync(board.places.roster);
  mkdirSync(`${board.places.roster}/in-the-way`, { recursive: true });
  await assert.rejects(begins(parts, token), { code: 'store-unavailable' });
  rmSync(board.places.roster, { recursive: true });
  parts.state.roster.record();
  for (const dead of [token, next ?? '']) assert.equal((await begins(parts, dead)).is, 'challenge');
  const counter = parts.state.read((tables) => tables.users.byId(id))?.counter;
  assert.equal(parts.state.roster.byName('alice')?.counter, counter);
});

test('below its floor a board asks every device, and takes no daily rotation for a theft', async (t) => {
  const { parts, clock, token } = await trusting(t);
  clock.trust = 'below-floor';
  assert.equal((await begins(parts, token)).is, 'challenge');
  clock.trust = 'trusted';
  clock.now = later(NOW, DAY);
  const { next } = await begins(parts, token);
  clock.trust = 'below-floor';
  assert.equal((await begins(parts, next ?? '')).is, 'challenge');
  clock.trust = 'trusted';
  assert.equal((await begins(parts, token)).is, 'allow', 'what was not looked at was not presented');
});

test('who lost his factor meanwhile is let in by no token of his', async (t) => {
  const { parts, id, token } = await trusting(t);
  await parts.state.write((tables) => tables.factors.remove(id));
  const begun = await begin(parts, { user: 'alice', service: 'web', deviceToken: token });
  const document = begun.kind === 'admission' ? begun.admission.document : {};
  assert.deepEqual([begun.kind, 'because' in document && document.because], ['admission', 'not-enrolled']);
});
