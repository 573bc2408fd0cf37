// Owns the proof that the contract of login.sock, version 1, takes and gives what was promised, example by example.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import type { Operation } from '../../daemon/wire/contract.ts';
import { type LoginContract, loginContract } from '../../daemon/wire/login.ts';
import { webContract } from '../../daemon/wire/web.ts';

const ID = 'aZ09-_'.repeat(8).slice(0, 43);
const TIME = '2026-11-24T08:00:00Z';

interface Example {
  readonly bodies: readonly unknown[];
  readonly replies: readonly (readonly [status: number, body: unknown])[];
}

const accepted = { outcome: 'accepted', user: 'alice', deviceToken: 'x', deviceExpires: TIME };
const refused = { outcome: 'refused', because: 'wrong-code', form: 'single', retryAfter: 0 };
const refusedFor = (because: string) => [403, { ...refused, because }] as const;
const wait = [429, { outcome: 'wait', retryAfter: 20 }] as const;

const EXAMPLES: Readonly<Record<keyof LoginContract, Example>> = {
  begin: {
    bodies: [
      { user: 'alice', service: 'web' },
      {
        user: 'DOMAIN\\alice',
        service: 'web',
        uid: 1000,
        remoteAddress: '192.0.2.1',
        userAgent: 'Mozilla/5.0',
        deviceToken: 'x',
        locale: 'zh-CN',
      },
      { user: '李雷', service: 'ssh', uid: 0 },
    ],
    replies: [
      ...['not-enrolled', 'trusted-device', 'grace', 'exempt'].map(
        (because) => [200, { outcome: 'allow', user: 'alice', because }] as const,
      ),
      [
        200,
        {
          outcome: 'allow',
          user: 'alice',
          because: 'grace',
          enrolBy: TIME,
          deviceToken: 'x',
          deviceExpires: TIME,
        },
      ],
      ...['single', 'pair', 'triple'].map(
        (form) =>
          [
            401,
            {
              outcome: 'challenge',
              login: ID,
              methods: ['totp', 'recovery-code', 'emergency-code'],
              form,
              securityEmail: form === 'pair' ? null : 'a•••@example.com',
              retryAfter: 0,
              expires: TIME,
            },
          ] as const,
      ),
      [401, { outcome: 'enrol', login: ID, expires: TIME }],
      ...[
        'unknown-user',
        'identity-changed',
        'state-lost',
        'key-missing',
        'store-unavailable',
        'directory-unavailable',
        'recent-reset',
      ].map((because) => [403, { outcome: 'deny', because }] as const),
    ],
  },
  answer: {
    bodies: [
      { login: ID, user: 'alice', method: 'totp', code: '123456', trustDevice: "Alice's laptop" },
      { login: ID, user: 'alice', method: 'totp', code: '123456 654321' },
      { login: ID, user: 'alice', method: 'recovery-code', code: 'ABCD-EFGH-JKMN-PQRS' },
      { login: ID, user: 'alice', method: 'emergency-code', code: 'ABCDEFGH' },
    ],
    replies: [
      [200, accepted],
      ...['recovery-codes-low', 'security-email-missing', 'phone-drifts', 'board-clock'].map(
        (notice) => [200, { ...accepted, notice }] as const,
      ),
      ...[
        'wrong-code',
        'used-code',
        'expired-code',
        'form-required',
        'login-changed',
        'totp-suspended',
        'clock-unsure',
      ].map(refusedFor),
      ...['phone-slow', 'phone-fast', 'just-enrolled', 'board-clock'].map(
        (code) => [403, { ...refused, explanation: { code, seconds: 240, text: 'why' } }] as const,
      ),
      [403, { ...refused, explanation: { code: 'board-clock', text: 'why' } }],
      wait,
    ],
  },
  emergencyMail: {
    bodies: [{ login: ID, user: 'alice' }],
    replies: [
      [202, { sentTo: 'a•••@example.com', state: 'sent', validFor: 600 }],
      [202, { sentTo: 'a•••@example.com', state: 'queued', validFor: 600 }],
      [409, { outcome: 'refused', because: 'no-security-email' }],
      [409, { outcome: 'refused', because: 'recent-reset' }],
      wait,
      [503, { outcome: 'refused', because: 'mail-not-set-up' }],
    ],
  },
  enrol: {
    bodies: [{ login: ID, user: 'alice' }],
    replies: [
      [
        201,
        {
          account: 'alice@HOSTNAME',
          issuer: 'Fygo NAS',
          secret: 'BASE32',
          uri: 'otpauth://totp/Fygo%20NAS:alice%40HOSTNAME?secret=BASE32&issuer=Fygo%20NAS',
          qrSvg: '<svg/>',
          qrText: '█',
        },
      ],
      refusedFor('login-changed'),
    ],
  },
  confirm: {
    bodies: [{ login: ID, user: 'alice', code: '123456' }],
    replies: [[200, { ...accepted, recoveryCodes: ['a', 'b'] }], refusedFor('wrong-code'), wait],
  },
  redeem: {
    bodies: [{ login: ID, user: 'alice', proof: ID }],
    replies: [[200, accepted], refusedFor('used-code')],
  },
  passwordResetBegin: { bodies: [{ user: 'alice' }], replies: [[202, { reset: ID }]] },
  passwordResetRedeem: {
    bodies: [{ reset: ID, user: 'alice', code: 'ABCDEFGH' }],
    replies: [[201, { outcome: 'reset-allowed' }], refusedFor('expired-code')],
  },
  accountEvent: {
    bodies: [
      { user: 'alice', event: 'password-changed' },
      { user: 'alice', event: 'removed' },
    ],
    replies: [[202, null]],
  },
  health: {
    bodies: [],
    replies: [
      [204, null],
      [503, null],
    ],
  },
};

const PATHS: Readonly<Record<keyof LoginContract, string>> = {
  begin: 'POST /v1/login/begin',
  answer: 'POST /v1/login/answer',
  emergencyMail: 'POST /v1/login/emergency-mail',
  enrol: 'POST /v1/login/enrol',
  confirm: 'POST /v1/login/enrol/confirm',
  redeem: 'POST /v1/login/redeem',
  passwordResetBegin: 'POST /v1/password-reset/begin',
  passwordResetRedeem: 'POST /v1/password-reset/redeem',
  accountEvent: 'POST /v1/account-event',
  health: 'GET /v1/health',
};

function replyTo(operation: Operation, status: number, body: unknown): unknown {
  assert.ok(Object.hasOwn(operation.replies, status), `no reply ${status}`);
  const schema = operation.replies[status];
  return schema ? v.parse(schema, body) : null;
}

for (const [id, { bodies, replies }] of Object.entries(EXAMPLES)) {
  const operation: Operation = loginContract[id as keyof LoginContract];

  test(`${id}: every example is taken as it stands, and given as it stands`, () => {
    assert.equal(`${operation.method} ${operation.path}`, PATHS[id as keyof LoginContract]);
    assert.equal(operation.body !== undefined, bodies.length > 0);
    for (const body of bodies) {
      assert.ok(operation.body);
      assert.deepEqual(v.parse(operation.body, body), body);
    }
    for (const [status, body] of replies) assert.deepEqual(replyTo(operation, status, body), body);
    const shown = new Set(replies.map(([status]) => String(status)));
    assert.deepEqual(Object.keys(operation.replies).sort(), [...shown].sort(), 'every reply has an example');
  });

  for (const body of bodies.slice(0, 1)) {
    test(`${id}: each field that is required is required, and a wrong type is refused`, () => {
      assert.ok(operation.body);
      const fields = Object.entries(body as Record<string, unknown>);
      for (const [field, value] of fields) {
        const { [field]: _, ...rest } = body as Record<string, unknown>;
        const optional = field === 'trustDevice';
        assert.equal(v.is(operation.body, rest), optional, field);
        const wrong = typeof value === 'string' ? 5 : 'x';
        for (const other of [wrong, null, [value]]) {
          assert.equal(v.is(operation.body, { ...rest, [field]: other }), false, `${field}: ${other}`);
        }
      }
      for (const other of [null, [], 'x', [body]]) assert.equal(v.is(operation.body, other), false);
    });
  }
}

test('200 on login.sock is "let this user in": no other document has that status', () => {
  const outcomes = Object.entries(loginContract).flatMap(([id, { replies }]) => {
    const schema = (replies as Operation['replies'])[200];
    if (schema === undefined) return [];
    assert.ok(schema, `${id}: a 200 without a document`);
    return [
      [id, (schema as unknown as { entries: { outcome: { literal: string } } }).entries.outcome.literal],
    ];
  });
  assert.deepEqual(outcomes, [
    ['begin', 'allow'],
    ['answer', 'accepted'],
    ['confirm', 'accepted'],
    ['redeem', 'accepted'],
  ]);
});

test('the page takes the same bodies, and where login.sock says 200 it says 202 with a proof', () => {
  const pairs = [
    ['answer', 'answer', '/api/v1/second-step/answer'],
    ['emergencyMail', 'emergencyMail', '/api/v1/second-step/emergency-mail'],
    ['enrol', 'enrol', '/api/v1/second-step/enrol'],
    ['confirm', 'confirm', '/api/v1/second-step/enrol/confirm'],
  ] as const;
  const onThePage = Object.values<Operation>(webContract).filter(({ role }) => role === 'login');
  // The face of a login and that of the clock are the page’s alone.
  assert.equal(onThePage.length, pairs.length + 2);
  assert.equal(Object.hasOwn(webContract.clockFace.replies, 200), false);
  for (const [page, pipeline, path] of pairs) {
    const operation: Operation = webContract[page];
    assert.equal(operation.path, path);
    assert.equal(operation.body, loginContract[pipeline].body);
    assert.equal(Object.hasOwn(operation.replies, 200), false);
  }
  const completed = { outcome: 'completed', proof: ID };
  assert.deepEqual(replyTo(webContract.answer, 202, completed), completed);
  const enrolled = { ...completed, recoveryCodes: ['a'] };
  assert.deepEqual(replyTo(webContract.confirm, 202, enrolled), enrolled);
  assert.throws(() => replyTo(webContract.answer, 202, { outcome: 'completed' }));
});
