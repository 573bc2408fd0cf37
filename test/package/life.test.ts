// Owns the proof of a package's life on a booted machine: installed, upgraded, not downgraded, removed, purged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { active, counts, enrolled } from './daemon.ts';
import { asVersion, Machine, missing, PACKAGE, VERSION } from './machine.ts';

const skip = missing();
const OLDER = '0.0.9';

test('installing starts the daemon and changes no login', { skip }, async (t) => {
  const machine = await Machine.booted(t);
  const before = await machine.does('cat /etc/pam.d/common-auth');
  const { code, out } = await machine.install(PACKAGE);
  assert.equal(code, 0, out);
  assert.equal(await active(machine), 'active\nactive');
  assert.match((await counts(machine)).state, /^(healthy|degraded)$/);
  assert.equal(await machine.does('cat /etc/pam.d/common-auth'), before);
  assert.equal(await machine.pamLines(), '');
  assert.match(await machine.does('fygo-2fa version'), new RegExp(VERSION));
  const completed = `. /usr/share/bash-completion/completions/fygo-2fa
    COMP_WORDS=(fygo-2fa user re); COMP_CWORD=2; _fygo_2fa; echo "\${COMPREPLY[@]}"`;
  assert.equal(await machine.does(`bash -c '${completed}'`), 'recovery-codes reset\n');
  assert.doesNotMatch((await machine.run('systemctl --failed --no-legend')).out, /fygo/);
  // What the module needs is there, under the name that PAM looks for.
  await machine.does(
    'ldd -r /usr/lib/*-linux-gnu/security/pam_fygo_2fa.so | grep -v "undefined symbol" >/dev/null',
  );
  assert.equal(await machine.does('stat -c "%U:%G %a" /var/lib/fygo-2fa'), 'fygo-2fa:fygo-2fa 700\n');
});

test('an upgrade keeps the state and what the administrator wrote; a downgrade is refused', {
  skip,
}, async (t) => {
  const machine = await Machine.booted(t);
  assert.equal((await machine.install(asVersion(t, OLDER))).code, 0);
  await enrolled(machine, 'alice');
  await machine.does('sed -i \'s/^issuer = .*/issuer = "My NAS"/\' /etc/fygo-2fa/config.toml');
  const pid = await machine.does('systemctl show -P MainPID fygo-2fa');
  const upgraded = await machine.install(PACKAGE);
  assert.equal(upgraded.code, 0, upgraded.out);
  assert.notEqual(await machine.does('systemctl show -P MainPID fygo-2fa'), pid, 'the new program runs');
  assert.equal((await counts(machine)).enrolled, 1);
  assert.match(await machine.does('cat /etc/fygo-2fa/config.toml'), /My NAS/);

  const refused = await machine.install(asVersion(t, OLDER));
  assert.notEqual(refused.code, 0);
  assert.match(refused.out, new RegExp(`${VERSION} is installed, and ${OLDER} is older`));
  assert.equal(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the fields of dpkg-query(1).
    await machine.does("dpkg-query -W -f '${Version} ${db:Status-Status}' fygo-2fa"),
    `${VERSION} installed`,
  );
  assert.equal(await active(machine), 'active\nactive');
  assert.equal((await counts(machine)).enrolled, 1);
});

test('removing takes the profile’s lines out, and is refused while others are left', { skip }, async (t) => {
  const machine = await Machine.booted(t);
  assert.equal((await machine.install(PACKAGE)).code, 0);
  await enrolled(machine, 'alice');
  await machine.does('pam-auth-update --enable fygo-2fa');
  assert.match(await machine.pamLines(), /common-auth:.*pam_fygo_2fa\.so/);
  await machine.does("sed -i '/@include common-auth/a @include fygo-2fa' /etc/pam.d/sshd");
  const refused = await machine.run('dpkg --remove fygo-2fa');
  assert.notEqual(refused.code, 0);
  assert.match(refused.out, /fygo-2fa is not removed: these files still ask[\s\S]*\/etc\/pam\.d\/sshd\n/);
  assert.equal(await active(machine), 'active\nactive');
  assert.match(await machine.pamLines(), /common-auth:.*pam_fygo_2fa\.so/, 'nothing was changed');

  await machine.does("sed -i '/@include fygo-2fa/d' /etc/pam.d/sshd");
  await machine.does("echo '# mine' >>/etc/pam.d/fygo-2fa");
  await machine.does('dpkg --remove fygo-2fa');
  assert.equal(await machine.pamLines(true), '', 'no line names the module that is gone, in no file');
  assert.equal((await machine.run('ls /usr/lib/*/security/pam_fygo_2fa.so /usr/bin/fygo-2fa')).code, 2);
  await machine.does('test -e /var/lib/fygo-2fa/state.db');

  assert.equal((await machine.install(PACKAGE)).code, 0);
  assert.equal((await counts(machine)).enrolled, 1, 'installed again, it takes up where it left off');
  assert.match(await machine.does('cat /etc/pam.d/fygo-2fa'), /pam_fygo_2fa\.so[\s\S]*# mine/);
});

test('a purge keeps the state unless somebody says that it may go', { skip }, async (t) => {
  const machine = await Machine.booted(t);
  assert.equal((await machine.install(PACKAGE)).code, 0);
  await enrolled(machine, 'alice');
  assert.match(await machine.does('dpkg --purge fygo-2fa'), /Kept: \/var\/lib\/fygo-2fa/);
  await machine.does('test -e /var/lib/fygo-2fa/state.db && test ! -e /etc/pam.d/fygo-2fa');
  assert.equal((await machine.install(PACKAGE)).code, 0);
  assert.equal((await counts(machine)).enrolled, 1);
  await machine.does('echo fygo-2fa fygo-2fa/purge-state boolean true | debconf-set-selections');
  await machine.does('dpkg --purge fygo-2fa');
  await machine.does('test ! -e /var/lib/fygo-2fa && test ! -e /etc/fygo-2fa');
  assert.equal(await machine.pamLines(true), '');
});
