// Owns the proof that who keeps the system clock is found out, and that a chronyd somebody runs by hand is not taken for it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keeperOf } from '../../daemon/clock/keeper.ts';

function system(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'fygo-keeper-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const SYSTEMS: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['nothing at all', {}, 'none'],
  ['timesyncd', { 'proc/312/comm': 'systemd-timesyn\n', 'proc/1/comm': 'systemd\n' }, 'timesyncd'],
  ['chrony', { 'proc/77/comm': 'chronyd\n', 'run/chrony/chronyd.pid': '77\n' }, 'chrony'],
  ['a chronyd that is not the system’s', { 'proc/77/comm': 'chronyd\n' }, 'none'],
  ['a pid file that was left behind', { 'proc/77/comm': 'sshd\n', 'run/chrony/chronyd.pid': '77\n' }, 'none'],
  ['chrony, as systemd sees it', { 'run/systemd/units/invocation:chrony.service': '' }, 'chrony'],
  [
    'timesyncd, as systemd sees it',
    { 'run/systemd/units/invocation:systemd-timesyncd.service': '' },
    'timesyncd',
  ],
  [
    'neither, as systemd sees it',
    { 'run/systemd/units/invocation:ssh.service': '', 'proc/312/comm': 'systemd-timesyn\n' },
    'none',
  ],
  ['a pid file that leads elsewhere', { 'etc/comm': 'chronyd', 'run/chrony/chronyd.pid': '../etc' }, 'none'],
];

for (const [name, files, keeper] of SYSTEMS) {
  test(`${name}: ${keeper}`, (t) => assert.equal(keeperOf(system(t, files)), keeper));
}

test('this machine says something', () => {
  assert.ok(['none', 'chrony', 'timesyncd'].includes(keeperOf('/')));
});
