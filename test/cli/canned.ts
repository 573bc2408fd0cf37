// Owns the documents that the fake daemon of the command line's tests answers with.

import type {
  AuditDocument,
  PolicyDocument,
  PreviewDocument,
  Status,
  UserDocument,
} from '../../daemon/wire/admin.ts';
import type { ClockDocument } from '../../daemon/wire/clock.ts';
import type { DevicesDocument } from '../../daemon/wire/devices.ts';
import type { EnrolmentOffer } from '../../daemon/wire/login.ts';
import { type Canned, problem, type Script } from './bench.ts';
import { mailWell } from './canned-mail.ts';

export const healthy: Status = {
  state: 'healthy',
  line: '3 users, 1 enrolled, clock synchronised',
  version: '0.1.0',
  clock: { state: 'synchronised', offsetSeconds: 0.012, boundSeconds: 0.03, serversAgreeing: 4, servers: 4 },
  users: { known: 3, enrolled: 1, required: 1, notReady: 0 },
  mail: { configured: true, working: true, queued: 0 },
  store: { writable: true, schema: 1 },
  warnings: [],
};

export const degraded: Status = {
  ...healthy,
  state: 'degraded',
  line: 'the time servers do not answer; 1 user could not get back in today',
  clock: { state: 'unsynchronised', offsetSeconds: null, boundSeconds: null, serversAgreeing: 0, servers: 4 },
  users: { known: 3, enrolled: 1, required: 3, notReady: 1 },
  mail: { configured: false, working: false, queued: 0 },
  warnings: [
    {
      code: 'clock-unsynchronised',
      severity: 'warning',
      text: 'None of the 4 time servers answers, so codes are judged by the clock of this machine. If it is wrong, right codes are refused.',
      hint: 'See whether the NAS reaches the internet, or name a time server of your own in config.toml.',
    },
    {
      code: 'store-read-only',
      severity: 'critical',
      text: 'The medium of the database has become read-only. Logins go on until the next reboot.',
      hint: 'Replace the medium; then restore the newest backup.',
    },
  ],
};

export const clock: ClockDocument = {
  state: 'synchronised',
  alarm: null,
  since: '2026-11-24T07:31:02.000Z',
  systemTime: '2026-11-24T08:01:31.000Z',
  correctedTime: '2026-11-24T08:00:00.000Z',
  offsetSeconds: 91.0123,
  boundSeconds: 0.0214,
  checked: '2026-11-24T07:59:58.000Z',
  quorum: { agreeing: 3, needed: 3, servers: 5 },
  servers: [
    {
      name: '0.debian.pool.ntp.org',
      address: '192.0.2.1',
      verdict: 'agrees',
      offsetSeconds: 91.0123,
      delaySeconds: 0.0214,
      stratum: 2,
    },
    {
      name: '1.debian.pool.ntp.org',
      address: '192.0.2.2',
      verdict: 'agrees',
      offsetSeconds: 91.0111,
      delaySeconds: 0.0312,
      stratum: 1,
    },
    {
      name: 'ntp.example.org:1123',
      address: '192.0.2.3',
      verdict: 'agrees',
      offsetSeconds: 91.0152,
      delaySeconds: 0.0089,
      stratum: 3,
    },
    {
      name: '3.debian.pool.ntp.org',
      address: '192.0.2.4',
      verdict: 'disagrees',
      offsetSeconds: -3508.9,
      delaySeconds: 0.0114,
      stratum: 2,
    },
    {
      name: '[2001:db8::1]',
      address: null,
      verdict: 'no-address',
      offsetSeconds: null,
      delaySeconds: null,
      stratum: null,
    },
  ],
  kernel: { synchronised: false, maxErrorSeconds: 16, slewingSeconds: 0 },
  keeper: 'none',
  floor: '2026-11-24T07:59:00.000Z',
  lastStep: { time: '2026-11-24T07:44:10.000Z', bySeconds: -7_384 },
};

export const alice: UserDocument = {
  name: 'alice',
  uid: 1000,
  state: 'enrolled',
  administrator: true,
  required: true,
  methods: ['totp', 'recovery-code'],
  enrolledAt: '2026-11-20T17:31:05.000Z',
  lastLogin: '2026-11-24T07:12:44.120Z',
  recoveryCodes: 9,
  securityEmail: { address: 'a•••@example.com', confirmed: true, pending: null },
  trustedDevices: 1,
  ready: true,
  pass: null,
  driftSteps: -1,
  failures: { strangers: 3, knownDevices: 0 },
  form: 'single',
  totpSuspended: false,
  enrolBy: null,
};

export const bob: UserDocument = {
  ...alice,
  name: 'bob',
  uid: 1001,
  state: 'not-enrolled',
  administrator: false,
  methods: [],
  enrolledAt: null,
  lastLogin: null,
  recoveryCodes: 0,
  securityEmail: { address: null, confirmed: false, pending: null },
  ready: false,
  driftSteps: 0,
  failures: { strangers: 0, knownDevices: 0 },
  enrolBy: '2026-12-01T00:00:00Z',
};

/** A name that tries to colour the screen, in characters two columns wide. */
export const wang: UserDocument = {
  ...bob,
  name: '王小明\u001b[31m',
  uid: 1002,
  required: false,
  enrolBy: null,
};

export const besieged: UserDocument = {
  ...alice,
  form: 'pair',
  methods: ['recovery-code'],
  failures: { strangers: 104, knownDevices: 2 },
  totpSuspended: true,
  recoveryCodes: 0,
};

export const offer: EnrolmentOffer = {
  account: 'bob@fygo',
  issuer: 'Fygo NAS',
  secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  uri: 'otpauth://totp/Fygo%20NAS:bob%40fygo?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Fygo%20NAS',
  qrSvg: '<svg/>',
  qrText: '',
};

export const recoveryCodes = Array.from({ length: 10 }, (_, i) => `7Q${i}F-K2M9-XW4${i}-D8TR`);

export const rows: readonly AuditDocument[] = [
  {
    id: 412,
    time: '2026-11-24T07:12:44.120Z',
    user: 'alice',
    service: 'web',
    address: '192.168.1.23',
    outcome: 'accepted',
    because: null,
  },
  {
    id: 411,
    time: '2026-11-24T07:12:31.002Z',
    user: 'alice',
    service: 'web',
    address: '2001:db8:85a3:1234:5678:8a2e:370:7334',
    outcome: 'refused',
    because: 'wrong-code',
  },
  {
    id: 398,
    time: '2026-11-23T22:04:10.500Z',
    user: '王小明\u001b[31m',
    service: 'sshd',
    address: null,
    outcome: 'allow',
    because: 'not-enrolled',
  },
];

export const policy: PolicyDocument = {
  scope: 'none',
  users: [],
  groups: [],
  exceptUsers: [],
  exceptGroups: [],
  graceDays: 14,
  next: null,
};

const preview: PreviewDocument = {
  from: null,
  complete: false,
  users: [
    {
      name: 'alice',
      administrator: true,
      state: 'not-enrolled',
      recoveryCodes: 0,
      securityEmail: false,
      graceUntil: null,
    },
    {
      name: 'bob',
      administrator: false,
      state: 'enrolled',
      recoveryCodes: 10,
      securityEmail: false,
      graceUntil: null,
    },
  ],
  counts: { inScope: 2, enrolled: 1, notEnrolled: 1, withoutSecurityEmail: 2, exempt: 1 },
  stuck: ['alice'],
};

export const unknownUser: Canned = problem(
  404,
  'unknown-user',
  'There is no user "bbo" on this system.',
  'See who there is: fygo-2fa user list',
);

const laptop: DevicesDocument['devices'][number] = {
  id: 3,
  name: 'Alice’s laptop',
  browser: 'Firefox',
  system: 'Linux',
  address: '192.0.2.7',
  since: '2026-11-10T08:00:00.000Z',
  lastUsed: '2026-11-23T19:30:00.000Z',
  until: '2026-12-10T08:00:00.000Z',
};
const endedDevices: DevicesDocument['ended'] = [
  { name: '办公室', because: 'password-changed', at: '2026-11-09T12:00:00.000Z' },
  { name: 'Kiosk', because: 'stolen', at: '2026-11-02T06:00:00.000Z' },
];

const phoneSlow = problem(
  422,
  'enrolment-refused',
  'This code was right 75 seconds ago: the clock of the phone is slow.',
  'Switch automatic date and time on in the phone, then type the code that it shows now.',
);

/** A daemon that is well, with alice, bob and 王小明; a first code of 111111 is late. */
export const well: Script = {
  ...mailWell,
  status: () => ({ status: 200, body: healthy }),
  openapi: () => ({ status: 200, body: { 'admin.sock': { openapi: '3.1.0' } } }),
  users: () => ({ status: 200, body: { users: [alice, bob, wang] } }),
  user: ({ params }) => {
    const user = [alice, bob, wang].find((one) => one.name === params.name);
    return user ? { status: 200, body: user } : unknownUser;
  },
  enrolment: ({ params }) =>
    params.name === 'alice'
      ? problem(
          409,
          'already-enrolled',
          'alice has a second factor already; it was not touched.',
          'To replace a lost phone, reset it first: fygo-2fa user reset alice --reason TEXT',
        )
      : { status: 201, body: offer },
  enrolmentConfirm: ({ body }) =>
    (body as { code: string }).code === '123456' ? { status: 201, body: { recoveryCodes } } : phoneSlow,
  reset: ({ params, body }) =>
    (body as { what: string }).what === 'account'
      ? { status: 204 }
      : { status: 200, body: { ...bob, name: params.name } },
  pass: () => ({ status: 201, body: { pass: '7QXF-K2M9-XW4C-D8TR', expires: '2026-11-25T08:00:00.000Z' } }),
  devices: ({ params }) =>
    params.name === 'alice'
      ? { status: 200, body: { devices: [laptop], ended: endedDevices } }
      : { status: 200, body: { devices: [], ended: [] } },
  revokeDevices: () => ({
    status: 200,
    body: {
      devices: [],
      ended: [{ name: laptop.name, because: 'revoked-by-administrator', at: '2026-11-24T08:00:00.000Z' }],
    },
  }),
  recoveryCodes: () => ({ status: 201, body: { recoveryCodes, text: 'Recovery codes\n' } }),
  setSecurityEmail: () => ({
    status: 202,
    body: { sentTo: 'a•••@example.com', state: 'sent', validFor: 600 },
  }),
  confirmSecurityEmail: ({ body }) =>
    (body as { code: string }).code === '7K3M-9QXA'
      ? { status: 200, body: alice }
      : problem(
          409,
          'mailed-code-refused',
          'This is not the code that was mailed to the new address, so the address does not count yet.',
          'Type the code of the newest mail; after five wrong ones have a new one sent.',
        ),
  removeSecurityEmail: () => ({ status: 200, body: bob }),
  policy: () => ({ status: 200, body: policy, headers: { etag: '"7"' } }),
  setPolicy: ({ body, headers }) =>
    headers['if-match'] === '"7"'
      ? { status: 200, body: { ...policy, ...(body as object) } }
      : problem(412, 'policy-changed', 'Somebody else changed the policy.', 'Look at it again.'),
  clock: () => ({ status: 200, body: clock }),
  checkClock: () => ({ status: 200, body: clock }),
  backup: () => ({ status: 200, body: { schema: 2, key: null, floor: 0, tables: {}, sequences: {} } }),
  setClock: ({ body }) =>
    (body as { force: boolean }).force
      ? {
          status: 200,
          body: { movedSeconds: (body as { offsetSeconds: number }).offsetSeconds, rtc: 'absent', clock },
        }
      : { status: 200, body: { movedSeconds: -91.0123, rtc: 'written', clock } },
  autoClock: () => ({ status: 204 }),
  previewPolicy: () => ({ status: 200, body: preview }),
  audit: ({ query }) => {
    const older = rows.filter((row) => row.id < Number(query.before ?? Number.POSITIVE_INFINITY));
    const page = older.slice(0, Number(query.limit));
    const last = page.at(-1);
    return { status: 200, body: { rows: page, next: last && page.length < older.length ? last.id : null } };
  },
};
