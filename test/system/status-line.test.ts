// Owns the tests of the line that `systemctl status` shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusLine } from '../../daemon/system/status-line.ts';
import type { Status } from '../../daemon/wire/admin.ts';

const healthy: Status = {
  state: 'healthy',
  line: '',
  version: '1',
  clock: {
    state: 'synchronised',
    offsetSeconds: 0.012,
    boundSeconds: 0.03,
    serversAgreeing: 4,
    servers: 4,
  },
  users: { known: 14, enrolled: 12, required: 0, notReady: 0 },
  mail: { configured: false, working: false, queued: 0 },
  store: { writable: true, schema: 2 },
  warnings: [],
};
const MINUTE = 60_000;

test('a healthy daemon', () => {
  assert.equal(
    statusLine(healthy, 3 * MINUTE),
    'clock +0.012 s (4 of 4 servers), 12 of 14 users enrolled, last login 3 min ago',
  );
});

test('who could not get back in, and that doctor says more', () => {
  const line = statusLine({ ...healthy, users: { ...healthy.users, notReady: 2 } }, 3 * MINUTE);
  assert.equal(
    line,
    'clock +0.012 s (4 of 4 servers), 12 of 14 users enrolled, 2 could not get back in (run fygo-2fa doctor), last login 3 min ago',
  );
});

test('a critical warning stands in front', () => {
  const warnings = [
    { code: 'clock-off', severity: 'warning', text: '', hint: '' },
    { code: 'store-unwritable', severity: 'critical', text: '', hint: '' },
  ] as const;
  const clock = { ...healthy.clock, offsetSeconds: -3.5 };
  assert.equal(
    statusLine({ ...healthy, state: 'degraded', warnings: [...warnings], clock }, null),
    'store-unwritable, clock −3.500 s (4 of 4 servers), 12 of 14 users enrolled, 2 warnings (run fygo-2fa doctor), no login yet',
  );
});

test('a daemon that is down says why, and the way out', () => {
  const warnings = [
    { code: 'key-missing', severity: 'critical', text: '', hint: 'Put the key back.' },
  ] as const;
  assert.equal(
    statusLine({ ...healthy, state: 'down', warnings: [...warnings] }, MINUTE),
    'logins cannot be judged (key-missing): Put the key back.',
  );
});

test('a clock that nobody confirmed', () => {
  const clock = {
    ...healthy.clock,
    state: 'unsynchronised',
    offsetSeconds: null,
    serversAgreeing: 1,
  } as const;
  assert.match(statusLine({ ...healthy, clock }, null), /^clock unsynchronised \(1 of 4 servers\)/);
});

const AGES: readonly (readonly [ago: number, said: string])[] = [
  [0, 'just now'],
  [59_999, 'just now'],
  [MINUTE, '1 min ago'],
  [60 * MINUTE, '1 h ago'],
  [24 * 60 * MINUTE, '1 day ago'],
  [49 * 60 * MINUTE, '2 days ago'],
];
for (const [ago, said] of AGES) {
  test(`${ago} ms: ${said}`, () => assert.ok(statusLine(healthy, ago).endsWith(`last login ${said}`)));
}
