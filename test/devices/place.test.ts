// Owns the proof that a place is a network, and that nothing but an address names one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewPlace } from '../../daemon/devices/place.ts';

const CASES: readonly (readonly [string | null, readonly (string | null)[], boolean])[] = [
  ['192.0.2.7', [], true],
  ['192.0.2.7', ['192.0.2.200'], false],
  ['192.0.2.7', ['192.0.3.7', '198.51.100.7'], true],
  ['192.0.2.7', ['::ffff:192.0.2.9'], false],
  ['2001:db8:0:1::7', ['2001:db8:0:1:ffff::1'], false],
  ['2001:db8:0:1::7', ['2001:db8:0:2::7'], true],
  ['2001:DB8:0:1::7', ['2001:db8::1:0:0:0:1'], false],
  ['fe80::1%eth0', ['fe80::2%wlan0'], false],
  ['192.0.2.7', ['2001:db8::1', null], true],
  [null, [null], false],
  [null, ['192.0.2.7'], true],
  ['tty1', [null], false],
];

for (const [address, seen, fresh] of CASES) {
  test(`${address} after ${JSON.stringify(seen)} is ${fresh ? 'new' : 'not new'}`, () => {
    assert.equal(isNewPlace(address, seen), fresh);
  });
}
