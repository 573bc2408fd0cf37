// Tests that a boot loader lies where a Rockchip board looks for it: Debian's for the boards it has, and a vendor's for others.

import assert from 'node:assert/strict';
import { closeSync, globSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, folder, image, PROJECT } from './images.ts';
import { reasonToSkip } from './reason.ts';

const SECTOR = 512;

function bytesAt(file: string, sector: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes, 0, length, sector * SECTOR);
  closeSync(descriptor);
  return bytes;
}

test('rockchip: the boot loader of the board lies where its mask ROM looks', { skip: reasonToSkip() }, () => {
  const file = image('rockchip');
  for (const [part, sector] of [
    ['idbloader.img', 64],
    ['u-boot.itb', 16384],
  ] as const) {
    const [from = ''] = globSync(
      join(PROJECT, `.dev/image/u-boot-rockchip-*/usr/lib/u-boot/rock64-rk3328/${part}`),
    );
    const loader = readFileSync(from);
    assert.ok(bytesAt(file, sector, loader.length).equals(loader), part);
  }
});

test("rockchip: a given root file system behind a vendor's boot loader", { skip: reasonToSkip() }, (t) => {
  image('rockchip');
  const place = folder(t);
  const loader = join(place, 'u-boot-rockchip.bin');
  writeFileSync(loader, Buffer.alloc(12 * 2 ** 20 + 7, 'vendor loader '));
  const [base = ''] = globSync(join(PROJECT, '.dev/image/base-arm64-virtual-*.tar'));
  const file = join(place, 'vendor-board.img');
  build('rockchip', file, '--base', base, '--loader', loader);
  assert.ok(bytesAt(file, 64, 12 * 2 ** 20 + 7).equals(readFileSync(loader)));
  // GPT's signature: the loader did not reach into the table.
  assert.equal(bytesAt(file, 1, 8).toString('latin1'), 'EFI PART');
});
