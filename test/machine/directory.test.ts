// Owns the proof that users of a directory log in: a real slapd behind libnss-ldapd, gone for a while, and one removed from it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, lacking, type Machine, shared } from './machine.ts';
import { account, enrolled } from './user.ts';

const skip = lacking();

const BASE = 'dc=example,dc=org';
const PEOPLE = [
  ['lena', 5001],
  ['leo', 5002],
  ['lisa', 5003],
] as const;

const ENTRIES = `dn: ${BASE}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

${PEOPLE.map(
  ([name, uid]) => `dn: uid=${name},${BASE}
objectClass: account
objectClass: posixAccount
cn: ${name}
uid: ${name}
uidNumber: ${uid}
gidNumber: 5000
homeDirectory: /home/${name}
loginShell: /bin/bash
`,
).join('\n')}
dn: cn=media,${BASE}
objectClass: posixGroup
cn: media
gidNumber: 5000
memberUid: lena
`;

const CONFIG = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix ${BASE}
rootdn cn=admin,${BASE}
rootpw secret
directory /var/lib/ldap-test
`;

const house = shared({
  installed: (machine) => {
    machine.write('/etc/ldap/test.conf', CONFIG);
    machine.write('/etc/ldap/test.ldif', ENTRIES);
    machine.write(
      '/etc/systemd/system/directory.service',
      '[Service]\nExecStart=/usr/sbin/slapd -d 0 -f /etc/ldap/test.conf -h ldap://127.0.0.1/\n',
    );
    machine.write(
      '/etc/nslcd.conf',
      `uid nslcd\ngid nslcd\nuri ldap://127.0.0.1/\nbase ${BASE}\ntimelimit 2\nbind_timelimit 2\nreconnect_retrytime 1\n`,
      0o640,
    );
    machine.write(
      '/etc/nsswitch.conf',
      'passwd: files ldap\ngroup: files ldap\nshadow: files\nhosts: files\n',
    );
  },
  booted: (machine) => {
    machine.ok('systemctl stop slapd nslcd; mkdir -p /var/lib/ldap-test');
    machine.ok('slapadd -f /etc/ldap/test.conf -l /etc/ldap/test.ldif');
    machine.ok('chgrp nslcd /etc/nslcd.conf && systemctl start directory.service && systemctl start nslcd');
  },
});

function begin(machine: Machine, user: string): { readonly status: string; readonly because?: string } {
  const out = machine.ok(
    `curl -s --max-time 20 -w '\\n%{http_code}' --unix-socket /run/fygo-2fa/login.sock -H content-type:application/json -d '{"user":"${user}","service":"web"}' http://localhost/v1/login/begin`,
  );
  const [body = '', status = ''] = out.split('\n');
  return { ...(JSON.parse(body) as object), status };
}

const says = (machine: Machine, user: string) => {
  const { status, because } = begin(machine, user);
  return because === undefined ? status : `${status} ${because}`;
};

test('the daemon finds users of the directory from within its sandbox', { skip }, async () => {
  const { machine } = house;
  await eventually('NSS knows lena', () => machine.run('getent passwd lena').code === 0, 20_000);
  assert.equal(says(machine, 'lena'), '200 not-enrolled');
  await enrolled(machine, 'lena');
  assert.equal(says(machine, 'lena'), '401');
  assert.equal(says(machine, 'nobody-like-that'), '403 unknown-user');
});

test('a policy on a group of the directory covers its members', { skip }, () => {
  const { machine } = house;
  machine.ok('fygo-2fa policy set --scope specific --group media --grace 0 --force');
  assert.equal(says(machine, 'leo'), '401');
  machine.ok('fygo-2fa policy set --scope none --force');
  assert.equal(says(machine, 'leo'), '200 not-enrolled');
});

test('the directory is away: enrolled users go on, nobody gets in for being unknown, and it comes back', {
  skip,
}, async () => {
  const { machine } = house;
  machine.ok('systemctl stop directory.service && systemctl restart fygo-2fa.service');
  assert.equal(says(machine, 'lena'), '401');
  assert.match(says(machine, 'lisa'), /^403 (?:unknown-user|directory-unavailable)$/);
  account(machine, 'local');
  assert.equal(says(machine, 'local'), '200 not-enrolled');
  machine.ok('systemctl start directory.service');
  await eventually('lisa is found again', () => says(machine, 'lisa') === '200 not-enrolled', 30_000);
});

test('a user who is removed from the directory stays enrolled, and one of his name does not inherit', {
  skip,
}, () => {
  const { machine } = house;
  machine.ok(`ldapdelete -x -H ldap://127.0.0.1/ -D cn=admin,${BASE} -w secret uid=lena,${BASE}`);
  machine.ok('systemctl restart nslcd fygo-2fa');
  assert.notEqual(machine.run('getent passwd lena').code, 0);
  // Absence deletes nothing: still the second factor, never "not enrolled".
  assert.equal(says(machine, 'lena'), '401');
  account(machine, 'lena');
  assert.match(says(machine, 'lena'), /^(?:401|403 identity-changed)$/);
});
