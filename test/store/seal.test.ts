// Owns the proof that a sealed value opens in its own place, with its own key, unchanged, and not otherwise.

import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { Fault } from '../../daemon/kernel/fault.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { createKey } from '../../daemon/store/key.ts';
import { type Place, seal, unseal } from '../../daemon/store/seal.ts';
import { temporaryFolder } from './board.ts';

const place: Place = { table: 'factor', column: 'secret', user: 7, row: 7 };
const seed = Buffer.from('a seed of 20 bytes..');

function keys(t: Parameters<typeof temporaryFolder>[0]) {
  const folder = temporaryFolder(t);
  return [
    createKey(join(folder, 'a', 'master.key'), systemRandom),
    createKey(join(folder, 'b', 'master.key'), systemRandom),
  ] as const;
}

function unopened(error: unknown): true {
  assert.ok(error instanceof Fault, String(error));
  assert.equal(error.code, 'key-missing');
  assert.match(error.message, /factor/);
  return true;
}

test('what was sealed opens again', (t) => {
  const [key] = keys(t);
  for (const value of [seed, Buffer.alloc(0), Buffer.alloc(1_000, 3)]) {
    const sealed = seal(new Secret(value), place, key, systemRandom);
    assert.deepEqual(unseal(sealed, place, key).reveal(), value);
    // As SQLite gives it back.
    assert.deepEqual(unseal(new Uint8Array(sealed), place, key).reveal(), value);
  }
});

test('the format: version, key id, 96-bit IV, ciphertext, 128-bit tag; AES-256-GCM bound to its place', (t) => {
  const [key] = keys(t);
  const iv = Buffer.from('the iv here.');
  const sealed = seal(new Secret(seed), place, key, () => iv);
  assert.equal(sealed.length, 1 + 8 + 12 + seed.length + 16);
  assert.equal(sealed[0], 1);
  assert.deepEqual(sealed.subarray(1, 9), key.id);
  assert.deepEqual(sealed.subarray(9, 21), iv);
  const decipher = createDecipheriv('aes-256-gcm', key.subkey('seal'), iv);
  decipher.setAAD(Buffer.from('1:factor:secret:7:7'));
  decipher.setAuthTag(sealed.subarray(-16));
  const opened = Buffer.concat([decipher.update(sealed.subarray(21, -16)), decipher.final()]);
  assert.deepEqual(opened, seed);
});

test('each value has 12 random bytes of its own as its IV', (t) => {
  const [key] = keys(t);
  const asked: number[] = [];
  const random = (size: number) => {
    asked.push(size);
    return systemRandom(size);
  };
  const ivs = new Set<string>();
  for (let n = 0; n < 1_000; n++) {
    ivs.add(seal(new Secret(seed), place, key, random).subarray(9, 21).toString('hex'));
  }
  assert.equal(ivs.size, 1_000);
  assert.deepEqual(new Set(asked), new Set([12]));
});

for (const [field, other] of Object.entries({ table: 'factors', column: 'secre', user: 8, row: 8 })) {
  test(`moved to another ${field} it does not open`, (t) => {
    const [key] = keys(t);
    const sealed = seal(new Secret(seed), place, key, systemRandom);
    assert.throws(() => unseal(sealed, { ...place, [field]: other }, key), { code: 'key-missing' });
  });
}

test('a bit changed anywhere, or a byte missing at either end, and it does not open', (t) => {
  const [key] = keys(t);
  const sealed = seal(new Secret(seed), place, key, systemRandom);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => unseal(changed, place, key), unopened, `byte ${at}`);
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.throws(() => unseal(sealed.subarray(0, length), place, key), unopened, `${length} bytes`);
  }
  assert.throws(() => unseal(sealed.subarray(1), place, key), unopened);
  assert.throws(() => unseal(Buffer.concat([sealed, Buffer.of(0)]), place, key), unopened);
});

test('another key does not open it, not even under the name of the right one', (t) => {
  const [key, other] = keys(t);
  const sealed = seal(new Secret(seed), place, key, systemRandom);
  assert.throws(() => unseal(sealed, place, other), unopened);
  const renamed = Buffer.from(sealed);
  other.id.copy(renamed, 1);
  assert.throws(() => unseal(renamed, place, other), unopened);
});

test('another version is not guessed at', (t) => {
  const [key] = keys(t);
  const sealed = seal(new Secret(seed), place, key, systemRandom);
  for (const version of [0, 2, 255]) {
    const changed = Buffer.from(sealed);
    changed[0] = version;
    assert.throws(() => unseal(changed, place, key), unopened);
  }
});
