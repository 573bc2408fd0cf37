// Owns the proof of the master key's file and of the subkeys derived from it.

import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Fault } from '../../daemon/kernel/fault.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { createKey, type Purpose, readKey, wrongKey } from '../../daemon/store/key.ts';
import { temporaryFolder } from './board.ts';

const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
const PURPOSES: readonly Purpose[] = ['seal', 'recovery-code', 'known-device', 'roster', 'redemption'];

test('a new key is readable by its owner alone, in a folder that nobody else enters', (t) => {
  const path = join(temporaryFolder(t), 'key', 'master.key');
  mkdirSync(dirname(path), { mode: 0o755 });
  chmodSync(dirname(path), 0o755);
  createKey(path, systemRandom);
  assert.equal(statSync(path).mode & 0o7777, 0o400);
  assert.equal(statSync(dirname(path)).mode & 0o7777, 0o700);
});

test('it takes 256 bits from the source it is given, and is the same key when it is read again', (t) => {
  const path = join(temporaryFolder(t), 'key', 'master.key');
  const asked: number[] = [];
  const made = createKey(path, (size) => {
    asked.push(size);
    return bytes;
  });
  assert.deepEqual(asked, [32]);
  assert.equal(readFileSync(path, 'utf8'), `fygo-2fa master key 1\n${bytes.toString('base64url')}\n`);
  const read = readKey(path);
  assert.deepEqual(read.id, made.id);
  for (const purpose of PURPOSES) assert.ok(read.subkey(purpose).equals(made.subkey(purpose)));
});

test('each purpose has a 256-bit subkey of its own (RFC 5869), and the identifier is none of them', (t) => {
  const path = join(temporaryFolder(t), 'key', 'master.key');
  const key = createKey(path, () => bytes);
  const derived = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), `fygo-2fa 1 ${info}`, length));
  for (const purpose of PURPOSES) assert.deepEqual(key.subkey(purpose).export(), derived(purpose, 32));
  assert.deepEqual(key.id, derived('identifier', 8));
  const starts = PURPOSES.map((purpose) => key.subkey(purpose).export().toString('hex').slice(0, 16));
  assert.equal(new Set([...starts, key.id.toString('hex')]).size, PURPOSES.length + 1);
});

test('a key is not printed by any way of printing it', (t) => {
  const key = createKey(join(temporaryFolder(t), 'key', 'master.key'), () => bytes);
  key.subkey('seal');
  const printed = `${inspect(key, { depth: 9, showHidden: true })} ${JSON.stringify(key)} ${String(key)}`;
  for (const encoding of ['hex', 'base64', 'base64url'] as const) {
    assert.ok(!printed.includes(bytes.toString(encoding).slice(0, 12)), encoding);
    assert.ok(!printed.includes(key.subkey('seal').export().toString(encoding).slice(0, 12)), encoding);
  }
});

const line = bytes.toString('base64url');
const MALFORMED: Readonly<Record<string, string>> = {
  empty: '',
  'without a header': `${line}\n`,
  'with another version': `fygo-2fa master key 2\n${line}\n`,
  'without its last line end': `fygo-2fa master key 1\n${line}`,
  'a byte too short': `fygo-2fa master key 1\n${bytes.subarray(1).toString('base64url')}\n`,
  'a byte too long': `fygo-2fa master key 1\n${Buffer.concat([bytes, Buffer.of(1)]).toString('base64url')}\n`,
  'followed by an empty line': `fygo-2fa master key 1\n${line}\n\n`,
  'followed by garbage': `fygo-2fa master key 1\n${line}\n\ngarbage\n`,
  'with garbage in the line': `fygo-2fa master key 1\n${line.slice(0, 20)}!!${line.slice(20)}\n`,
  'with a space at the end of the line': `fygo-2fa master key 1\n${line} \n`,
  'with Windows line ends': `fygo-2fa master key 1\r\n${line}\r\n`,
  'raw bytes': bytes.toString('latin1'),
};

for (const [what, text] of Object.entries(MALFORMED)) {
  test(`a key file ${what} is no key`, (t) => {
    const path = join(temporaryFolder(t), 'master.key');
    writeFileSync(path, text);
    assert.throws(
      () => readKey(path),
      (error) => {
        assert.ok(error instanceof Fault);
        assert.equal(error.code, 'key-missing');
        assert.match(error.message, /is not a key file/);
        assert.ok(!`${error.message} ${error.hint} ${inspect(error)}`.includes(line.slice(0, 8)));
        return true;
      },
    );
  });
}

test('a file that is absent or cannot be read says so', (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => readKey(join(folder, 'absent')), { code: 'key-missing', message: /ENOENT/ });
  assert.throws(() => readKey(folder), { code: 'key-missing', message: /EISDIR/ });
  assert.match(wrongKey('/x').message, /belongs to another database/);
});
