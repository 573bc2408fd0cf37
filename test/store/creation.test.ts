// Owns the proof that a new board whose making was cut short anywhere is made again, and never read as an old one.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { parseRoster } from '../../daemon/accounts/roster.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { openDatabase } from '../../daemon/store/database.ts';
import { createKey, readKey } from '../../daemon/store/key.ts';
import { type Board, makeBoard } from './board.ts';
import { withoutStrace } from './system.ts';

/** Opens it as the next start would: a whole, empty board that works. */
async function opensWhole({ places, open }: Board): Promise<void> {
  const state = open();
  assert.equal(state.problem(), null);
  assert.equal(existsSync(places.marker), false);
  assert.equal(
    state.read((tables) => tables.users.count()),
    0,
  );
  await state.write((tables) => tables.users.add('alice', 1000));
  assert.deepEqual(state.key().id, readKey(places.key).id);
  const roster = parseRoster(readFileSync(places.roster, 'utf8'), state.key().subkey('roster'));
  assert.deepEqual(roster, { entries: [], authentic: true });
  state.close();
  assert.equal(open().problem(), null);
}

/** What the steps of making a board leave, one after the other. */
const STEPS: readonly (readonly [what: string, step: (board: Board) => void])[] = [
  ['the empty folder', ({ places }) => mkdirSync(dirname(places.database), { recursive: true })],
  ['a marker half written', ({ places }) => writeFileSync(`${places.marker}.new`, 'being')],
  ['the marker', ({ places }) => writeFileSync(places.marker, 'being made')],
  ['the empty key folder', ({ places }) => mkdirSync(dirname(places.key))],
  ['a key half written', ({ places }) => writeFileSync(`${places.key}.new`, 'fygo-2fa', { mode: 0o400 })],
  ['the key', ({ places }) => void createKey(places.key, systemRandom)],
  ['an empty database', ({ places }) => writeFileSync(places.database, '')],
  [
    'a database cut short, with its log',
    ({ places }) => {
      for (const part of ['', '-wal', '-shm', '-journal'])
        writeFileSync(`${places.database}${part}`, 'cut short');
    },
  ],
  [
    'the schema without the rows',
    ({ places }) => {
      for (const part of ['', '-wal', '-shm', '-journal']) writeFileSync(`${places.database}${part}`, '');
      openDatabase(places.database, true).close();
    },
  ],
];

for (const [index, [what]] of STEPS.entries()) {
  test(`cut short after ${what}: it is made to the end`, async (t) => {
    const board = makeBoard(t);
    for (const [, step] of STEPS.slice(0, index + 1)) step(board);
    await opensWhole(board);
  });
}

test('a key that was made before the cut is kept', async (t) => {
  const board = makeBoard(t);
  for (const [, step] of STEPS) step(board);
  const before = readFileSync(board.places.key);
  await opensWhole(board);
  assert.deepEqual(readFileSync(board.places.key), before);
});

test('a broken key is not replaced, not even half-way', (t) => {
  const board = makeBoard(t);
  mkdirSync(dirname(board.places.key), { recursive: true });
  writeFileSync(board.places.marker, 'being made');
  writeFileSync(board.places.key, 'not a key');
  assert.equal(board.open().problem()?.code, 'key-missing');
  assert.equal(readFileSync(board.places.key, 'utf8'), 'not a key');
});

const BOARD = new URL('./make-board.ts', import.meta.url).pathname;
const CALLS = 'fsync,fdatasync,rename,unlink,fchmod,mkdir';

test('killed at any system call that makes or flushes something, the next start makes a whole board', {
  skip: withoutStrace(),
}, async (t) => {
  let killed = 0;
  for (let call = 1; ; call++) {
    const board = makeBoard(t);
    const inject = `inject=${CALLS}:signal=SIGKILL:when=${call}`;
    const argv = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${CALLS}`, '-e', inject];
    const { stdout } = spawnSync('strace', [...argv, process.execPath, BOARD, board.folder], {
      encoding: 'utf8',
    });
    if (stdout === 'made\n') break;
    assert.equal(stdout, '');
    killed += 1;
    await opensWhole(board);
  }
  assert.ok(killed >= 15, `killed ${killed} times only`);
});
