// Owns the proof that the real steps look at as many guesses of mailed codes as the bare rules say, and at no more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTables } from '../store/board.ts';
import { BareMailDoor, guessFor, RealMailDoor } from './guesser.ts';

test('an hour at the real tables is an hour at the bare rules; in a day the budget of everybody ends it', (t) => {
  const { tables } = makeTables(t);
  tables.mail.put({
    provider: 'smtp',
    sender: 'nas@example.com',
    host: 'mail.example.com',
    port: 465,
    security: 'tls',
    account: null,
    caFile: null,
  });
  const door = new RealMailDoor(tables, tables.users.add('alice', 1000));
  assert.equal(guessFor(door, 1 / 24), guessFor(new BareMailDoor(), 1 / 24));
  assert.equal(guessFor(new BareMailDoor(), 1 / 24), 5 * 6 * 5, 'five lanes, six mails, five tries');
  const rest = guessFor(door, 23 / 24);
  const bare = guessFor(new BareMailDoor(), 1);
  t.diagnostic(`a day: ${rest + 150} guesses looked at with the budget of everybody, ${bare} without`);
  assert.ok(rest + 150 <= 200 * 5);
  assert.ok(rest + 150 < bare);
});
