// Owns the proof of which accounts a policy can mean, who is an administrator, and how passwd(5) lines are read.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, isAdministrator, isLoginAccount } from '../../daemon/accounts/account.ts';
import { isName } from '../../daemon/accounts/directory.ts';
import { parseGroupLine, parseId, parsePasswdLine } from '../../daemon/accounts/passwd.ts';

const account = (uid: number, shell: string): Account => ({ name: 'someone', uid, gid: uid, shell });

test('system accounts without a login shell are no login accounts', () => {
  for (const shell of [
    '/usr/sbin/nologin',
    '/sbin/nologin',
    '/bin/false',
    '/bin/sync',
    '/sbin/halt',
    '/sbin/shutdown',
  ]) {
    assert.equal(isLoginAccount(account(4, shell)), false, shell);
  }
  for (const uid of [1, 999, 61_184, 65_519, 65_534, 65_535]) {
    assert.equal(isLoginAccount(account(uid, '/usr/sbin/nologin')), false, String(uid));
  }
});

test('people count whatever their shell, system accounts with a shell do, and so does uid 0', () => {
  assert.equal(isLoginAccount(account(1000, '/usr/sbin/nologin')), true);
  assert.equal(isLoginAccount(account(4_000_000_000, '/bin/false')), true);
  assert.equal(isLoginAccount(account(999, '/bin/bash')), true);
  assert.equal(isLoginAccount(account(999, '')), true);
  assert.equal(isLoginAccount(account(0, '/usr/sbin/nologin')), true);
});

test('administrators are uid 0 and the members of a group named exactly', () => {
  assert.equal(isAdministrator(account(0, ''), [], []), true);
  assert.equal(isAdministrator(account(1000, ''), ['users', 'sudo'], ['sudo', 'administrators']), true);
  assert.equal(isAdministrator(account(1000, ''), ['Sudo', 'sud', ' sudo'], ['sudo']), false);
  assert.equal(isAdministrator(account(1000, ''), ['users'], []), false);
});

test('a passwd line is read strictly', () => {
  assert.deepEqual(parsePasswdLine('alice:x:1000:100:Alice,,,:/home/alice:/bin/sh'), {
    name: 'alice',
    uid: 1000,
    gid: 100,
    gecos: 'Alice,,,',
    home: '/home/alice',
    shell: '/bin/sh',
  });
  assert.deepEqual(parsePasswdLine('DOM\\alice:*:4294967294:0:::'), {
    name: 'DOM\\alice',
    uid: 4_294_967_294,
    gid: 0,
    shell: '',
  });
  for (const line of [
    '',
    'alice',
    'alice:x:1000:100:Alice:/home/alice',
    'alice:x:1000:100:Alice:/home/alice:/bin/sh:',
    ':x:1000:100:Alice:/home/alice:/bin/sh',
    '+alice:x:1000:100:Alice:/home/alice:/bin/sh',
    '-alice:x:1000:100:Alice:/home/alice:/bin/sh',
    'alice:x::100:Alice:/home/alice:/bin/sh',
    'alice:x:-1:100:Alice:/home/alice:/bin/sh',
    'alice:x:0x3e8:100:Alice:/home/alice:/bin/sh',
    'alice:x:1000 :100:Alice:/home/alice:/bin/sh',
    'alice:x:4294967295:100:Alice:/home/alice:/bin/sh',
    'alice:x:4294967296:100:Alice:/home/alice:/bin/sh',
    'alice:x:1000:4294967295:Alice:/home/alice:/bin/sh',
    'al\u001bice:x:1000:100:Alice:/home/alice:/bin/sh',
    'al\ufffdice:x:1000:100:Alice:/home/alice:/bin/sh',
    'alice:x:1000:100:Alice:/home/alice:/bin/sh\r',
  ]) {
    assert.equal(parsePasswdLine(line), null, JSON.stringify(line));
  }
});

test('a gecos that could drive a terminal is left out', () => {
  const read = parsePasswdLine('alice:x:1000:100:\u001b[2J:/home/alice:/bin/sh');
  assert.equal(read?.name, 'alice');
  assert.equal(read?.gecos, undefined);
});

test('ids and group lines are read strictly', () => {
  assert.deepEqual(['0', '4294967294', '4294967295', '1e3', '', ' 1', '00000000001'].map(parseId), [
    0,
    4_294_967_294,
    null,
    null,
    null,
    null,
    null,
  ]);
  assert.deepEqual(parseGroupLine('domain users:x:2000:a,b,'), {
    name: 'domain users',
    gid: 2000,
    members: ['a', 'b'],
  });
  for (const line of ['users:x:100', 'users:x::a', ':x:1:', 'users:x:1:a:b']) {
    assert.equal(parseGroupLine(line), null, line);
  }
});

test('what can be a name', () => {
  for (const name of [
    'a',
    'Alice',
    'DOM\\alice',
    'alice@example.com',
    'john.doe',
    'x y',
    '*',
    '0',
    '张伟',
    'a$',
  ]) {
    assert.equal(isName(name), true, name);
  }
  const unfit = [
    '',
    '-',
    '-h',
    '--help',
    '+',
    '+alice',
    '@netgroup',
    ' a',
    'a ',
    'a:b',
    'a/b',
    'a\nb',
    'a\u0000b',
  ];
  for (const name of [...unfit, 'a\u200bb', 'a\u202eb', '\ud800', 'a\ufffd', 'n'.repeat(257)]) {
    assert.equal(isName(name), false, JSON.stringify(name.slice(0, 20)));
  }
});
