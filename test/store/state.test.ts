// Owns the proof that a board's state is opened whole or not at all, and that what is missing opens nothing.

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { parseRoster } from '../../daemon/accounts/roster.ts';
import { later } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { migrations } from '../../daemon/store/database.ts';
import { createKey, readKey } from '../../daemon/store/key.ts';
import type { State } from '../../daemon/store/state.ts';
import { policy } from '../policy/rules.ts';
import { type Board, makeBoard, NOW, withAlice } from './board.ts';

const codeOf = (state: State) => state.problem()?.code ?? null;
const mode = (path: string) => statSync(path).mode & 0o777;

/** Every file of the board with its content. */
function everything({ folder }: Board): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path, 'latin1')];
    }),
  );
}

/** Changes the database behind the daemon's back. */
function tamper({ places }: Board, sql: string): void {
  const db = new DatabaseSync(places.database);
  db.exec(sql);
  db.close();
}

test('a new board has a key, a database and a roster; nobody has to do anything yet', (t) => {
  const board = makeBoard(t);
  const state = board.open();
  const { places } = board;
  assert.equal(state.problem(), null);
  assert.equal(state.writable(), true);
  assert.equal(state.schema(), migrations().length);
  assert.equal(state.floor(), NOW);
  assert.deepEqual(
    state.read((tables) => [tables.users.count(), { ...tables.policies.current(NOW) }]),
    [0, policy(1, { graceDays: 7 })],
  );
  assert.deepEqual([places.key, places.roster, dirname(places.key)].map(mode), [0o400, 0o600, 0o700]);
  assert.equal(mode(dirname(places.database)), 0o700);
  assert.equal(existsSync(places.marker), false);
  const key = readKey(places.key);
  assert.deepEqual(parseRoster(readFileSync(places.roster, 'utf8'), key.subkey('roster')), {
    entries: [],
    authentic: true,
  });
});

test('what was written is there after the next start', async (t) => {
  const board = await withAlice(t);
  const state = board.open();
  assert.equal(codeOf(state), null);
  const alice = state.read((tables) => tables.users.byName('alice'));
  assert.equal(alice?.counter, 1);
  assert.deepEqual(state.roster.entries(), [{ name: 'alice', uid: 1000, counter: 1 }]);
  assert.ok(state.read((tables) => tables.factors.of(alice?.id ?? 0)));
});

type Part = 'key' | 'database' | 'roster';
const LOST: readonly (readonly [missing: readonly Part[], code: string | null])[] = [
  [['key'], 'key-missing'],
  [['database'], 'state-lost'],
  [['roster'], null],
  [['key', 'database'], 'key-missing'],
  [['key', 'roster'], 'key-missing'],
  [['database', 'roster'], 'state-lost'],
];

for (const [missing, code] of LOST) {
  test(`without ${missing.join(' and ')}: ${code ?? 'completed from the rest'}`, async (t) => {
    const board = await withAlice(t);
    for (const part of missing) rmSync(board.places[part]);
    const before = everything(board);
    const state = board.open();
    assert.equal(codeOf(state), code);
    if (code === null) {
      assert.deepEqual(state.roster.entries(), [{ name: 'alice', uid: 1000, counter: 1 }]);
      assert.ok(existsSync(board.places.roster));
      return;
    }
    assert.deepEqual(everything(board), before, 'nothing is made or changed');
    for (const use of [() => state.read(() => 1), () => state.key()]) assert.throws(use, { code });
    await assert.rejects(
      state.write(() => 1),
      { code },
    );
    assert.deepEqual([state.schema(), state.floor(), state.writable()], [0, null, false]);
    const known = !missing.includes('roster');
    assert.equal(state.roster.byName('alice') !== null, known, 'whose state is lost is still known');
  });
}

test('no state is made in an empty folder that a medium should be mounted on', (t) => {
  const board = makeBoard(t);
  let there = false;
  const state = board.open({ mounted: () => there });
  assert.equal(codeOf(state), 'store-unavailable');
  assert.match(state.problem()?.message ?? '', /not mounted/);
  assert.deepEqual(everything(board), {});
  there = true;
  board.time.elapsed += 1_000;
  assert.equal(codeOf(state), null);
});

test('who may only look makes nothing; what is there he opens', async (t) => {
  const board = makeBoard(t);
  const looking = board.open({ mayCreate: false });
  assert.equal(codeOf(looking), 'store-unavailable');
  assert.match(looking.problem()?.message ?? '', /no state yet/);
  board.time.elapsed += 1_000;
  assert.equal(codeOf(looking), 'store-unavailable');
  assert.deepEqual(everything(board), {});
  const made = await withAlice(t);
  assert.equal(codeOf(made.open({ mayCreate: false })), null);
});

test('a board that could not be opened is tried again, after a second and not before', async (t) => {
  const board = await withAlice(t);
  const { key } = board.places;
  const kept = readFileSync(key);
  rmSync(key);
  const state = board.open();
  assert.equal(codeOf(state), 'key-missing');
  writeFileSync(key, kept);
  board.time.elapsed = 999;
  assert.equal(codeOf(state), 'key-missing');
  board.time.elapsed = 1_000;
  assert.equal(codeOf(state), null);
  assert.ok(state.read((tables) => tables.users.byName('alice')));
  await state.write((tables) => tables.users.add('bob', 1001));
});

test('a key of another board opens nothing and changes nothing', async (t) => {
  const board = await withAlice(t);
  rmSync(board.places.key);
  createKey(board.places.key, systemRandom);
  const { [board.places.database]: before } = everything(board);
  const state = board.open();
  assert.equal(codeOf(state), 'key-missing');
  assert.match(state.problem()?.message ?? '', /belongs to another database/);
  const { [board.places.database]: after } = everything(board);
  assert.equal(after, before);
  assert.ok(state.roster.byName('alice'));
});

test('a database without the row that names the board is not believed', async (t) => {
  const board = await withAlice(t);
  tamper(board, 'DELETE FROM board');
  assert.equal(codeOf(board.open()), 'store-unavailable');
});

test('a database of a newer program, or a damaged one, shuts the door and says which', async (t) => {
  const board = await withAlice(t);
  tamper(board, 'PRAGMA user_version = 999');
  assert.equal(codeOf(board.open()), 'schema-too-new');
  writeFileSync(board.places.database, 'no database');
  assert.equal(codeOf(board.open()), 'store-unavailable');
});

test('two daemons do not share a board', async (t) => {
  const board = await withAlice(t);
  assert.equal(codeOf(board.open()), null);
  assert.equal(codeOf(board.open()), 'store-unavailable');
});

test('a board that cannot be finished is tried again without holding on to what it opened', (t) => {
  const board = makeBoard(t);
  const { roster, database, marker } = board.places;
  mkdirSync(`${roster}.new`, { recursive: true });
  const state = board.open();
  for (let n = 0; n < 3; n++) {
    assert.equal(codeOf(state), 'store-unavailable');
    board.time.elapsed += 1_000;
  }
  const open = readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(database));
  assert.deepEqual(open.map(linkOf), []);
  assert.ok(existsSync(marker));
  rmSync(`${roster}.new`, { recursive: true });
  assert.equal(codeOf(state), null);
  assert.equal(existsSync(marker), false);
});

test('what brings database and roster together and fails leaves nothing of itself', async (t) => {
  const board = await withAlice(t);
  const state = board.open({
    reconcile: (tables) => {
      tables.users.add('half', 1);
      throw new Error('broken');
    },
  });
  assert.equal(codeOf(state), 'store-unavailable');
  state.close();
  assert.equal(
    board.open().read((tables) => tables.users.byName('half')),
    null,
  );
});

test('the floor is the higher of what is stored and what the program knows, and stays', async (t) => {
  const board = await withAlice(t);
  const lower = board.open({ floor: later(NOW, -1) });
  assert.equal(lower.floor(), NOW);
  lower.close();
  const higher = board.open({ floor: later(NOW, 5) });
  assert.equal(higher.floor(), later(NOW, 5));
  higher.close();
  assert.equal(board.open().floor(), later(NOW, 5));
});

test('closing commits what waits; after it every use is refused, and nothing is opened again', async (t) => {
  const board = makeBoard(t);
  const state = board.open();
  const waiting = state.write((tables) => tables.users.add('alice', 1000));
  state.close();
  await waiting;
  board.time.elapsed += 10_000;
  assert.equal(codeOf(state), 'store-unavailable');
  assert.throws(() => state.read(() => 1), { code: 'store-unavailable' });
  assert.equal(state.writable(), false);
  state.close();
  assert.ok(board.open().read((tables) => tables.users.byName('alice')));
});

test('a failing read is "unavailable"; what a use-case throws in it stays what it was', (t) => {
  const state = makeBoard(t).open();
  const own = new TypeError('its own');
  assert.throws(
    () =>
      state.read(() => {
        throw own;
      }),
    own,
  );
  // The schema refuses an empty name: any error of SQLite is one.
  assert.throws(() => state.read((tables) => tables.users.add('', 1)), { code: 'store-unavailable' });
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
