// Owns the proof that a backup file opens with its passphrase alone, whole or not at all.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { closeBackup, headerOf, openBackup } from '../../daemon/backup/file.ts';
import { fromCells, type Payload, toCells } from '../../daemon/backup/payload.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';

const PAYLOAD: Payload = {
  schema: 2,
  key: 'a key',
  floor: 1,
  tables: { user: [{ id: 1, name: 'alice', note: null, hash: { bytes: 'AAEC' } }] },
  sequences: { user: 7 },
};
const ABOUT = { takenAt: '2026-11-24T12:00:00Z', program: '0.1.0' };
const LOCK = { kind: 'board', key: createSecretKey(Buffer.alloc(32, 7)) } as const;
const PASSPHRASE = { kind: 'passphrase', passphrase: 'correct horse battery staple' } as const;

const close = (lock: Parameters<typeof closeBackup>[2], payload = PAYLOAD) =>
  closeBackup(payload, ABOUT, lock, systemRandom);

/** The code of the fault that opening throws; anything else fails. */
function faultOf(file: Buffer, lock: Parameters<typeof openBackup>[1] = LOCK): string | null {
  try {
    openBackup(file, lock);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.code;
  }
}

test('what was closed comes back, by passphrase in either Unicode spelling, by key, and open', () => {
  assert.deepEqual(openBackup(close(PASSPHRASE), PASSPHRASE).payload, PAYLOAD);
  assert.deepEqual(openBackup(close(LOCK), LOCK).payload, PAYLOAD);
  const open = { ...PAYLOAD, key: null };
  assert.deepEqual(openBackup(close({ kind: 'open' }, open), { kind: 'open' }).payload, open);
  const umlaut = close({ kind: 'passphrase', passphrase: 'zwölf Boxkämpfer' });
  assert.equal(faultOf(umlaut, { kind: 'passphrase', passphrase: 'zwo\u0308lf Boxka\u0308mpfer' }), null);
});

test('secrets are never written into a file that nothing closes', () => {
  assert.throws(() => close({ kind: 'open' }), { code: 'backup-refused' });
});

test('neither the rows nor the key can be seen in a closed file, and two are never alike', () => {
  const file = close(PASSPHRASE);
  for (const text of ['alice', 'a key', 'AAEC']) assert.ok(!file.includes(text));
  assert.ok(!file.equals(close(PASSPHRASE)));
  assert.deepEqual(headerOf(file).kdf?.N, 65_536);
});

test('a wrong passphrase, another lock, another version', () => {
  assert.equal(faultOf(close(PASSPHRASE), { ...PASSPHRASE, passphrase: 'correct' }), 'backup-locked');
  assert.equal(faultOf(close(PASSPHRASE), LOCK), 'backup-locked');
  assert.equal(faultOf(close(LOCK), { kind: 'open' }), 'backup-locked');
  const newer = Buffer.from(close(LOCK).toString('latin1').replace('backup 1', 'backup 2'), 'latin1');
  assert.equal(faultOf(newer), 'backup-too-new');
  const dear = close(PASSPHRASE).toString('latin1').replace('"N":65536', '"N":99999999');
  assert.equal(faultOf(Buffer.from(dear, 'latin1'), PASSPHRASE), 'backup-invalid');
});

test('any byte changed, any end cut off, any bytes at all: refused with a reason, never half believed', () => {
  const file = close(LOCK);
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ by;
      assert.match(faultOf(changed) ?? 'opened', /^backup-/);
      assert.match(faultOf(file.subarray(0, at)) ?? 'opened', /^backup-/);
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.match(faultOf(Buffer.from(bytes)) ?? 'opened', /^backup-/);
      assert.match(faultOf(Buffer.concat([Buffer.from('fygo-2fa backup 1\n'), bytes])) ?? 'x', /^backup-/);
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  );
});

test('rows survive as cells, bytes included', () => {
  const rows = [{ id: 1, text: 'x', none: null, bytes: Buffer.from([0, 255, 10]) }];
  assert.deepEqual(fromCells(toCells(rows)), rows);
});
