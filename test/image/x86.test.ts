// Tests what a PC goes through with the x86 image: first boot, logins, power cuts, a dead clock battery, another image flashed over it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { layOut, USUAL_MIB } from '../../image/layout.ts';
import { deadClock } from './dead-clock.ts';
import { firstLife } from './first-boot.ts';
import { folder, image } from './images.ts';
import { diskOf, Machine, mediumFrom } from './machine.ts';
import { newerState } from './newer-state.ts';
import { addAccount, CODE, comesIn, enrol, type Person } from './person.ts';
import { type Cut, cutNow, cutsDuringLogins, livesOn } from './power-cuts.ts';
import { reasonToSkip } from './reason.ts';
import { loggedDisk, Replay } from './replay.ts';

const MEDIUM = 6 * 2 ** 30;
const DEAD = '1970-01-01T00:00:00';

test('x86: the life of a PC', { skip: reasonToSkip() }, async (t) => {
  const place = folder(t);
  const file = image('x86');
  const medium = join(place, 'medium.raw');
  const before = join(place, 'before.raw');
  const log = join(place, 'writes.log');
  for (const copy of [medium, before]) {
    execFileSync('cp', ['--sparse=always', file, copy]);
    truncateSync(copy, MEDIUM);
  }
  closeSync(openSync(log, 'w'));
  const start = (t: TestContext, disk: readonly string[], rtc?: string) =>
    new Machine(t, { target: 'x86', folder: place, disk, ...(rtc === undefined ? {} : { rtc }) });
  const cuts: Cut[] = [];
  let enrolled: Person | undefined;

  await t.test('the first boot ends at a login that asks for a code', async (t) => {
    const machine = start(t, loggedDisk(medium, log));
    await machine.seen(/data partition: making it on/);
    cuts.push(cutNow('while the data partition is made', log));
    enrolled = await firstLife(t, machine);
    const others = [await enrol(machine, 'bob', 2002), await enrol(machine, 'carol', 2003)];
    cuts.push(...(await cutsDuringLogins(machine, [enrolled, ...others], log)));
    // Otherwise the next boot begins where this one ended, which is kinder than a board whose time was never confirmed.
    await machine.root('systemctl stop systemd-timesyncd && rm -f /var/lib/systemd/timesync/clock');
    await machine.powerOff();
  });
  const alice = enrolled;
  if (alice === undefined) return;
  const { name, uid, phone } = alice;

  const replay = new Replay(log, before);
  t.after(() => replay.close());
  for (const cut of cuts) {
    await t.test(`power goes ${cut.when}`, async (t) => {
      replay.upTo(cut.mark);
      t.diagnostic(`${replay.writes} writes survived`);
      const after = mediumFrom(before, place, 'after.qcow2');
      const machine = start(t, diskOf(after));
      await machine.up();
      await livesOn(machine, cut);
      await machine.cut();
    });
  }

  await t.test('a dead clock battery: three codes let in, then time servers make it right', async (t) => {
    const machine = start(t, diskOf(medium, 'raw'), DEAD);
    await machine.up();
    await deadClock(t, machine, alice);
    await machine.powerOff();
  });

  await t.test('another image over it: boot and root are new, state and key are kept', async (t) => {
    execFileSync('dd', [`if=${file}`, `of=${medium}`, 'bs=4M', 'conv=notrunc', 'status=none']);
    const table = execFileSync('sfdisk', ['--dump', medium], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    assert.doesNotMatch(table, /fygo-data/);
    const machine = start(t, diskOf(medium, 'raw'));
    await machine.up();
    assert.match(machine.screen, /data partition: found on \/dev\/vda3, kept/);
    const after = await machine.root('sfdisk --dump /dev/vda');
    assert.match(after, new RegExp(`start= *${layOut('x86', USUAL_MIB).dataSector},.*name="fygo-data"`));
    await addAccount(machine, name, uid);
    const users = JSON.parse(await machine.root('fygo-2fa status --json || true')).users;
    assert.equal(users.enrolled, 3);
    assert.match(await machine.root('cat /etc/fygo-2fa/roster'), /alice/);
    await comesIn(machine, alice, [CODE, phone.recoveryCodes[0] ?? '']);
    await newerState(machine, alice);
    await machine.powerOff();
  });
});
