// Tests that the Rockchip image boots from its own files: a U-Boot reads its extlinux.conf, kernel and root are a board's.

import { test } from 'node:test';
import { firstLife } from './first-boot.ts';
import { folder, image } from './images.ts';
import { diskOf, Machine, mediumFrom } from './machine.ts';
import { reasonToSkip } from './reason.ts';

test('rockchip: flashed, enrolled, logged in with a code', { skip: reasonToSkip() }, async (t) => {
  const place = folder(t);
  const disk = diskOf(mediumFrom(image('rockchip'), place));
  const machine = new Machine(t, { target: 'rockchip', folder: place, disk });
  await firstLife(t, machine);
  await machine.powerOff();
});
