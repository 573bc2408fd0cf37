// Tests what a person meets on a PC: first boot, a dead clock battery, right time again, and another image flashed over it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { layOut, USUAL_MIB } from '../../image/layout.ts';
import { firstLife } from './first-boot.ts';
import { folder, image } from './images.ts';
import { diskOf, Machine, mediumFrom } from './machine.ts';
import { addAccount, CODE, comesIn, type Person, THREE_CODES } from './person.ts';
import { reasonToSkip } from './reason.ts';

const DEAD = '1970-01-01T00:00:00';

test('x86: flashed, enrolled, a clock of 1970, flashed again', { skip: reasonToSkip() }, async (t) => {
  const place = folder(t);
  const file = image('x86');
  const medium = mediumFrom(file, place);
  const start = (t: TestContext, rtc?: string) =>
    new Machine(t, {
      target: 'x86',
      folder: place,
      disk: diskOf(medium),
      ...(rtc === undefined ? {} : { rtc }),
    });
  let enrolled: Person | undefined;

  await t.test('the first boot ends at a login that asks for a code', async (t) => {
    const machine = start(t);
    enrolled = await firstLife(t, machine);
    // Otherwise the next boot begins where this one ended, which is kinder than a board whose time was never confirmed.
    await machine.root('systemctl stop systemd-timesyncd && rm -f /var/lib/systemd/timesync/clock');
    await machine.powerOff();
  });
  const alice = enrolled;
  if (alice === undefined) return;
  const { name, uid, phone } = alice;

  await t.test('a dead clock battery and no time server: three codes in a row let in', async (t) => {
    const machine = start(t, DEAD);
    await machine.up();
    assert.ok(Number((await machine.root('date +%s')).trim()) * 1000 < Date.now() - 86_400_000);
    // One code does not do there. These three began after the one that was spent.
    await comesIn(machine, alice, [THREE_CODES, phone.codes(Date.now() - 60_000, 3)]);

    const servers = machine.beside(t, process.execPath, `${import.meta.dirname}/time-servers.ts`);
    const [line] = (await once(servers.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const names = (JSON.parse(line.toString()) as number[]).map((port) => `"10.0.2.2:${port}"`);
    await machine.root(
      `printf '[clock]\\nservers = [${names.join(', ')}]\\n' > /etc/fygo-2fa/config.toml && systemctl restart fygo-2fa`,
    );
    await machine.root('fygo-2fa clock check');
    const status = JSON.parse(await machine.root('fygo-2fa status --json || true'));
    assert.equal(status.clock.state, 'wrong');
    assert.equal(status.clock.serversAgreeing, 4);
    // The wall clock is still years back; codes are judged by the servers' time.
    await comesIn(machine, alice, [CODE, '{next}']);
    await machine.root('fygo-2fa clock auto off && fygo-2fa clock set');
    assert.ok(Math.abs(Number((await machine.root('date +%s')).trim()) * 1000 - Date.now()) < 60_000);
    await machine.root('fygo-2fa clock auto on');
    assert.match(await machine.root('timedatectl show --property NTP'), /NTP=yes/);
    await machine.powerOff();
  });

  await t.test('another image over it: boot and root are new, state and key are kept', async (t) => {
    const whole = `${place}/whole.raw`;
    execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', medium, whole]);
    execFileSync('dd', [`if=${file}`, `of=${whole}`, 'bs=4M', 'conv=notrunc', 'status=none']);
    const table = execFileSync('sfdisk', ['--dump', whole], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    assert.doesNotMatch(table, /fygo-data/);
    const machine = new Machine(t, { target: 'x86', folder: place, disk: diskOf(whole, 'raw') });
    await machine.up();
    assert.match(machine.screen, /data partition: found on \/dev\/vda3, kept/);
    const after = await machine.root('sfdisk --dump /dev/vda');
    assert.match(after, new RegExp(`start= *${layOut('x86', USUAL_MIB).dataSector},.*name="fygo-data"`));
    await addAccount(machine, name, uid);
    const users = JSON.parse(await machine.root('fygo-2fa status --json || true')).users;
    assert.equal(users.enrolled, 1);
    assert.match(await machine.root('cat /etc/fygo-2fa/roster'), /alice/);
    await comesIn(machine, alice, [CODE, phone.recoveryCodes[0] ?? '']);
    await machine.powerOff();
  });
});
