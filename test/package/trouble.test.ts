// Owns the proof of what becomes of an installation in trouble: killed, without room, without a place to write.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, counts, enrolled } from './daemon.ts';
import { asVersion, Machine, missing, PACKAGE } from './machine.ts';

const skip = missing();
const NEWER = '99.0.0';

test('killed half-way, dpkg is run again and all is well', { skip }, async (t) => {
  const machine = await Machine.booted(t, '2G');
  assert.equal((await machine.install(PACKAGE)).code, 0);
  await enrolled(machine, 'alice');
  await machine.does('pam-auth-update --enable fygo-2fa');
  const deb = asVersion(t, NEWER);
  for (const after of ['Unpacking', 'Setting up']) {
    await machine.bring(deb);
    // Killed with all its children when it says that it has begun.
    await machine.run(
      `setsid sh -c 'dpkg -i /run/package.deb >/run/said 2>&1' & leader=$!
       until grep -q "${after}" /run/said 2>/dev/null; do :; done; kill -9 -- -$leader; pkill -9 -x dpkg; exit 0`,
    );
    // Between the two, who logs in is asked as before: the module is there as long as a line names it.
    await machine.does(
      'grep -q pam_fygo_2fa /etc/pam.d/common-auth && test -s /usr/lib/*/security/pam_fygo_2fa.so',
    );
    await machine.does('dpkg --configure -a; dpkg -i /run/package.deb');
    assert.equal(await active(machine), 'active\nactive');
    assert.equal((await counts(machine)).enrolled, 1);
  }
});

test('on a full disk the installation fails, and what was there goes on', { skip }, async (t) => {
  const machine = await Machine.booted(t, '400M');
  assert.equal((await machine.install(PACKAGE)).code, 0);
  await enrolled(machine, 'alice');
  await machine.run('dd if=/dev/zero of=/filler bs=1M count=1000 2>/dev/null');
  await machine.does('truncate -s -20M /filler');
  const failed = await machine.install(asVersion(t, NEWER));
  assert.notEqual(failed.code, 0);
  assert.match(failed.out, /No space left/);
  assert.equal(await active(machine), 'active\nactive');
  assert.equal((await counts(machine)).enrolled, 1);
  await machine.does('rm /filler');
  await machine.does('dpkg --configure -a; systemctl restart fygo-2fa');
  assert.equal((await machine.install(asVersion(t, NEWER))).code, 0);
  assert.equal((await counts(machine)).enrolled, 1);
});

test('where /tmp runs no programs it is installed all the same; where nothing can be written what was there goes on', {
  skip,
}, async (t) => {
  const machine = await Machine.booted(t);
  await machine.does('mount -t tmpfs -o noexec none /tmp');
  assert.equal((await machine.install(PACKAGE)).code, 0);
  await enrolled(machine, 'alice');
  await machine.bring(asVersion(t, NEWER));
  // In a mount namespace of its own: the machine's other programs hold files open for writing.
  const frozen = 'mount -o bind,remount,ro / && dpkg -i /run/package.deb';
  const failed = await machine.run(`unshare --mount sh -c '${frozen}'`);
  assert.notEqual(failed.code, 0);
  assert.match(failed.out, /Read-only file system/);
  assert.equal(await active(machine), 'active\nactive');
  assert.equal((await counts(machine)).enrolled, 1);
  await machine.does('dpkg -i /run/package.deb');
  assert.equal((await counts(machine)).enrolled, 1);
});
