// Owns the tests of the doctor's judgement on the units, and that it knows the units that are shipped.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SANDBOX, UNITS, unitFindings } from '../../daemon/doctor/units.ts';

const SYSTEMD = join(import.meta.dirname, '..', '..', 'systemd');

/** What `systemctl show` prints of a system where all is as it was shipped. */
function shown(changed: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): string {
  return UNITS.map((name) => {
    const isService = name.endsWith('.service');
    const properties = {
      Id: name,
      LoadState: 'loaded',
      ActiveState: isService && name !== 'fygo-2fa.service' ? 'inactive' : 'active',
      UnitFileState: 'enabled',
      FragmentPath: `/lib/systemd/system/${name}`,
      DropInPaths: '',
      NeedDaemonReload: 'no',
      NRestarts: '0',
      ...(isService && { SystemCallFilter: 'read write', ...SANDBOX[name] }),
      ...changed[name],
    };
    return Object.entries(properties)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n');
  }).join('\n\n');
}

const codes = (text: string) => unitFindings(text).map(({ code, severity }) => `${code} ${severity}`);

test('as shipped: nothing', () => assert.deepEqual(codes(shown()), []));

test('the doctor knows the units that are shipped, and no other', () => {
  const files = readdirSync(SYSTEMD).filter((name) => /\.(?:service|socket)$/.test(name));
  assert.deepEqual([...UNITS].sort(), files.sort());
});

for (const [name, sandbox] of Object.entries(SANDBOX)) {
  test(`what the doctor expects of ${name} is what is shipped`, () => {
    const text = readFileSync(join(SYSTEMD, name), 'utf8');
    for (const [property, value] of Object.entries(sandbox)) {
      const line = new RegExp(`^${property}=${value}$`, 'im');
      assert.match(text, line);
    }
  });
}

const CASES: readonly (readonly [what: string, changed: Record<string, Record<string, string>>, string[]])[] =
  [
    [
      'a sandbox that was opened',
      { 'fygo-2fa.service': { PrivateNetwork: 'no', DropInPaths: '/etc/systemd/system/x.conf' } },
      ['unit-edited note', 'sandbox-weakened critical'],
    ],
    [
      'no filter of calls',
      { 'fygo-2fa-time.service': { SystemCallFilter: '' } },
      ['sandbox-weakened critical'],
    ],
    [
      'one capability more',
      { 'fygo-2fa-set-clock.service': { CapabilityBoundingSet: 'cap_sys_admin cap_sys_time' } },
      ['sandbox-weakened critical'],
    ],
    ['a socket that is masked', { 'fygo-2fa-web.socket': { LoadState: 'masked' } }, ['unit-missing warning']],
    [
      'the socket of the logins is gone',
      { 'fygo-2fa-login.socket': { LoadState: 'not-found' } },
      ['unit-missing critical'],
    ],
    ['a daemon that failed', { 'fygo-2fa.service': { ActiveState: 'failed' } }, ['unit-not-active critical']],
    [
      'a daemon that is off',
      { 'fygo-2fa.service': { UnitFileState: 'disabled' } },
      ['unit-disabled warning'],
    ],
    ['many restarts', { 'fygo-2fa.service': { NRestarts: '4' } }, ['unit-restarts warning']],
    ['not reloaded', { 'fygo-2fa.service': { NeedDaemonReload: 'yes' } }, ['unit-reload warning']],
    ['a copy of its own', { 'fygo-2fa.service': { FragmentPath: '/etc/systemd/x' } }, ['unit-edited note']],
  ];

for (const [what, changed, expected] of CASES) {
  test(what, () => assert.deepEqual(codes(shown(changed)), expected));
}

test('of a system without any of them each is missed', () => {
  assert.equal(unitFindings('').length, UNITS.length);
});
