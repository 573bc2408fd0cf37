// Owns the proof of the roster: its file, who vouches for it, and that what it says only ever shuts doors.

import assert from 'node:assert/strict';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatRoster, parseRoster, Roster, type RosterEntry } from '../../daemon/accounts/roster.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { temporaryFolder } from '../store/board.ts';

const key = createSecretKey(Buffer.alloc(32, 1));
const otherKey = createSecretKey(Buffer.alloc(32, 2));
const alice: RosterEntry = { name: 'alice', uid: 1000, counter: 3 };
const bob: RosterEntry = { name: 'bob', uid: 1001, counter: 0 };

function loaded(path: string, withKey: KeyObject | null = key): Roster {
  const roster = new Roster(path);
  roster.load(withKey);
  return roster;
}

test('the file: a header, a line a user in order of name, and the MAC over all of it', () => {
  const text = formatRoster([bob, alice], key);
  assert.match(text, /^fygo-2fa roster 1\n1000 3 alice\n1001 0 bob\nmac [A-Za-z0-9_-]{43}\n$/);
  assert.deepEqual(parseRoster(text, key), { entries: [alice, bob], authentic: true });
  assert.deepEqual(parseRoster(formatRoster([], key), key), { entries: [], authentic: true });
});

test('any name that NSS may know survives the file', () => {
  const names = [
    'DOMAIN\\alice',
    'mac',
    'mac x',
    'ålice',
    '李雷',
    'a b',
    '%41',
    "o'hara$",
    'x'.repeat(256),
  ].sort();
  const entries = names.map((name, n) => ({ name, uid: 4_294_967_294 - n, counter: 999_999_999_999_999 }));
  assert.deepEqual(parseRoster(formatRoster(entries, key), key), { entries, authentic: true });
});

test('a byte changed anywhere, a file cut short, or another key: not authentic, and the lines are still told', () => {
  const text = formatRoster([alice, bob], key);
  assert.equal(parseRoster(text, otherKey).authentic, false);
  assert.equal(parseRoster(text, null).authentic, false);
  for (let at = 0; at < text.length - 2; at++) {
    const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    assert.equal(parseRoster(changed, key).authentic, false, `byte ${at}`);
    assert.equal(parseRoster(text.slice(0, at), key).authentic, false, `${at} bytes`);
  }
  assert.deepEqual(parseRoster(text.slice(0, text.indexOf('mac ')), null).entries, [alice, bob]);
  assert.deepEqual(parseRoster(text, otherKey).entries, [alice, bob]);
});

test('lines that make no sense are no entries', () => {
  const odd = [
    '1000 alice',
    '-1 0 alice',
    '1 2 3 4',
    '1e3 0 alice',
    ' 1000 0 alice',
    '12345678901 0 alice',
    '',
  ];
  assert.deepEqual(parseRoster(`fygo-2fa roster 1\n${odd.join('\n')}\n7 0 %zz\n`, key), {
    entries: [{ uid: 7, counter: 0, name: '%zz' }],
    authentic: false,
  });
});

test('what is recorded is on the medium, readable by its owner alone, and found by name and uid', (t) => {
  const path = join(temporaryFolder(t), 'etc', 'roster');
  const roster = loaded(path);
  assert.equal(roster.exists(), false);
  roster.record(alice, bob);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  for (const one of [roster, loaded(path)]) {
    assert.equal(one.sound, true);
    assert.equal(one.exists(), true);
    assert.deepEqual(one.entries(), [alice, bob]);
    assert.deepEqual([one.byName('alice'), one.byUid(1001)], [alice, bob]);
    assert.deepEqual([one.byName('Alice'), one.byUid(3)], [null, null]);
  }
});

test('a counter only rises; a uid may move', (t) => {
  const path = join(temporaryFolder(t), 'roster');
  const roster = loaded(path);
  roster.record(alice);
  roster.record({ ...alice, counter: 1, uid: 2000 });
  assert.deepEqual(loaded(path).entries(), [{ name: 'alice', uid: 2000, counter: 3 }]);
  assert.deepEqual([roster.byUid(1000), roster.byUid(2000)?.name], [null, 'alice']);
  roster.record({ ...alice, counter: 4 });
  assert.equal(loaded(path).byName('alice')?.counter, 4);
});

test('forgetting takes one name out, and with it its uid', (t) => {
  const path = join(temporaryFolder(t), 'roster');
  const roster = loaded(path);
  roster.record(alice, bob);
  roster.forget('alice');
  assert.deepEqual([roster.byName('alice'), roster.byUid(1000), roster.byUid(1001)], [null, null, bob]);
  assert.deepEqual(loaded(path).entries(), [bob]);
  const before = statSync(path).ino;
  roster.forget('nobody');
  assert.equal(statSync(path).ino, before, 'nothing to write');
});

test('where a forged file gives one uid to two names, the one that is left still stands for it', (t) => {
  const path = join(temporaryFolder(t), 'roster');
  writeFileSync(path, 'fygo-2fa roster 1\n1000 0 alice\n1000 0 mallory\n');
  const roster = loaded(path);
  roster.forget('mallory');
  assert.equal(roster.byUid(1000)?.name, 'alice');
  roster.forget('alice');
  assert.equal(roster.byUid(1000), null);
});

test('loading again forgets what is not in the file any more', (t) => {
  const path = join(temporaryFolder(t), 'roster');
  const roster = loaded(path);
  roster.record(alice);
  rmSync(path);
  roster.load(key);
  assert.deepEqual([roster.entries(), roster.byUid(1000), roster.sound], [[], null, true]);
});

test('one that cannot be authenticated is heeded, put aside as a copy, and replaced by one that can', (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'roster');
  loaded(path).record(alice);
  const roster = loaded(path, otherKey);
  assert.equal(roster.sound, false);
  assert.deepEqual(roster.byName('alice'), alice);
  assert.equal(roster.hasBroken(), false);
  const original = readFileSync(path, 'utf8');
  roster.setAside();
  assert.equal(readFileSync(path, 'utf8'), original, 'a power cut now would lose no name');
  assert.equal(readFileSync(`${path}.broken`, 'utf8'), original);
  assert.equal(roster.hasBroken(), true);
  roster.record();
  assert.equal(roster.sound, true);
  assert.deepEqual(loaded(path, otherKey).entries(), [alice]);
});

test('a roster that cannot be written is an error for who waits for it, and well again later', (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'roster');
  const roster = loaded(path);
  roster.record(alice);
  mkdirSync(`${path}.new`);
  assert.throws(
    () => roster.record(bob),
    (error) => error instanceof Fault && error.code === 'store-unavailable' && error.message.includes(path),
  );
  assert.equal(roster.sound, false);
  assert.deepEqual(loaded(path).entries(), [alice]);
  rmSync(`${path}.new`, { recursive: true });
  roster.record();
  assert.equal(roster.sound, true);
  assert.deepEqual(loaded(path).entries(), [alice, bob], 'what failed before is completed by the next');
  assert.deepEqual(readdirSync(folder), ['roster']);
});

test('without its key nothing is written', (t) => {
  const path = join(temporaryFolder(t), 'roster');
  loaded(path).record(alice);
  const before = readFileSync(path, 'utf8');
  assert.throws(() => loaded(path, null).record(bob));
  assert.equal(readFileSync(path, 'utf8'), before);
});
