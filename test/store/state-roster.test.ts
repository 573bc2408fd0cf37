// Owns the proof that database and roster are brought together when the state is opened.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseRoster } from '../../daemon/accounts/roster.ts';
import { readKey } from '../../daemon/store/key.ts';
import type { State } from '../../daemon/store/state.ts';
import { withAlice } from './board.ts';

const codeOf = (state: State) => state.problem()?.code ?? null;

test('what was committed and did not reach the roster any more is completed at the next start', async (t) => {
  const board = await withAlice(t);
  const state = board.open();
  await state.write((tables) => {
    tables.users.add('bob', 1001);
    const alice = tables.users.byName('alice');
    if (alice) tables.users.save({ ...alice, counter: 9 });
  });
  state.close();
  board.open().close();
  const key = readKey(board.places.key);
  const { entries, authentic } = parseRoster(readFileSync(board.places.roster, 'utf8'), key.subkey('roster'));
  assert.equal(authentic, true);
  assert.deepEqual(entries, [
    { name: 'alice', uid: 1000, counter: 9 },
    { name: 'bob', uid: 1001, counter: 0 },
  ]);
});

test('a roster that was tampered with keeps its names, is put aside, and a sound one takes its place', async (t) => {
  const board = await withAlice(t);
  const { roster, key } = board.places;
  const forged = readFileSync(roster, 'utf8').replace('1000 1 alice', '1000 1 alice\n1002 0 carol');
  writeFileSync(roster, forged);
  const state = board.open();
  assert.equal(codeOf(state), null);
  assert.deepEqual([state.roster.sound, state.roster.hasBroken()], [true, true]);
  assert.equal(readFileSync(`${roster}.broken`, 'utf8'), forged);
  const { entries, authentic } = parseRoster(readFileSync(roster, 'utf8'), readKey(key).subkey('roster'));
  assert.equal(authentic, true);
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['alice', 'carol'],
  );
});

test('a roster that cannot be written: the daemon runs and says so', async (t) => {
  const board = await withAlice(t);
  const state = board.open();
  await state.write((tables) => tables.users.add('bob', 1001));
  state.close();
  mkdirSync(`${board.places.roster}.new`);
  const again = board.open();
  assert.equal(codeOf(again), null);
  assert.equal(again.roster.sound, false);
  assert.ok(again.roster.byName('bob'));
});
