// Tests the plan of a medium: what lies where, which partition of a vendor's is the root, how a log of writes is put back.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOARDS } from '../../image/boards.ts';
import { checkLoaders } from '../../image/disk.ts';
import { layOut, SMALLEST_MIB, USUAL_MIB } from '../../image/layout.ts';
import { rootPartition } from '../../image/onto.ts';
import { Refusal } from '../../image/refusal.ts';
import { Replay } from './replay.ts';

const MIB = 2 ** 20;

test('the second partition table ends in front of the data partition', () => {
  for (const mib of [SMALLEST_MIB, USUAL_MIB]) {
    for (const target of ['x86', 'rockchip'] as const) {
      const { bytes, boot, root, dataSector } = layOut(target, mib);
      assert.equal(boot.offset + boot.bytes, root.offset);
      // 33 sectors are the second table.
      assert.ok(root.offset + root.bytes + 33 * 512 <= bytes);
      assert.equal(dataSector * 512, bytes);
      assert.equal(root.offset % MIB, 0);
    }
  }
});

test('media of both targets are told apart, and U-Boot is told where to boot from', () => {
  const [x86, rockchip] = [layOut('x86', USUAL_MIB), layOut('rockchip', USUAL_MIB)];
  assert.notEqual(x86.rootId, rockchip.rootId);
  assert.match(rockchip.script, /name="fygo-boot", attrs="LegacyBIOSBootable"/);
  assert.doesNotMatch(x86.script, /LegacyBIOSBootable/);
  // The first boot makes it, so that flashing again does not.
  assert.doesNotMatch(x86.script, /fygo-data/);
});

test('a boot loader stays between the partition table and the first partition', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'fygo-image-plan-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const file = join(place, 'loader');
  const layout = layOut('rockchip', USUAL_MIB);
  writeFileSync(file, Buffer.alloc(8 * MIB));
  checkLoaders([{ file, sector: 16384 }], layout);
  assert.throws(() => checkLoaders([{ file, sector: 16385 }], layout), Refusal);
  assert.throws(() => checkLoaders([{ file, sector: 33 }], layout), Refusal);
  for (const { loaders } of BOARDS.values()) {
    assert.deepEqual(
      loaders.map(({ sector }) => sector),
      [64, 16384],
    );
  }
});

test('which partition of a vendor is the root', () => {
  const linux = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';
  const partitions = [
    { node: 'v1', start: 64, size: 100, type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', name: 'boot' },
    { node: 'v2', start: 200, size: 1000, type: linux, name: 'userdata' },
    { node: 'v3', start: 2000, size: 500, type: linux, name: 'rootfs' },
  ];
  const found = (list: typeof partitions, sectorsize = 512) =>
    rootPartition({ partitiontable: { sectorsize, partitions: list } });
  assert.deepEqual(found(partitions), { offset: 2000 * 512, bytes: 500 * 512 });
  assert.deepEqual(found(partitions.slice(0, 2)), { offset: 200 * 512, bytes: 1000 * 512 });
  assert.deepEqual(found(partitions, 4096), { offset: 2000 * 4096, bytes: 500 * 4096 });
  assert.equal(found(partitions.slice(0, 1)), undefined);
});

test('a power cut loses what was written later, and half a write', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'fygo-image-plan-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const write = (sector: number, letter: string, flags = 0): Buffer => {
    const header = Buffer.alloc(512);
    header.writeBigUInt64LE(BigInt(sector), 0);
    header.writeBigUInt64LE(letter === '' ? 0n : 1n, 8);
    header.writeBigUInt64LE(BigInt(flags), 16);
    return Buffer.concat([header, Buffer.alloc(letter === '' ? 0 : 512, letter)]);
  };
  const log = join(place, 'log');
  const medium = join(place, 'medium');
  // Written, a flush without data, written beside it, written over.
  writeFileSync(
    log,
    Buffer.concat([Buffer.alloc(512), write(0, 'a'), write(0, '', 1), write(1, 'b'), write(0, 'c')]),
  );
  writeFileSync(medium, Buffer.alloc(1024, '-'));
  const seen = () => readFileSync(medium, 'latin1').replace(/(.)\1{511}/g, '$1');
  const replay = new Replay(log, medium);
  t.after(() => replay.close());
  replay.upTo(512 + 1023);
  assert.equal(seen(), '--');
  replay.upTo(512 + 1024);
  assert.equal(seen(), 'a-');
  replay.upTo(512 + 1024 + 512 + 1024);
  assert.equal(seen(), 'ab');
  assert.equal(replay.writes, 3);
  replay.upTo(Number.MAX_SAFE_INTEGER);
  assert.equal(seen(), 'cb');
});
