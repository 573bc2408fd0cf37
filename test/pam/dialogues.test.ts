// Owns the proof that each dialogue of a second step reads as its transcript, in both languages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, type Login, matchTranscript, missing } from './bench.ts';
import { type Asked, accepted, challenge, problem, refused, type Script } from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const BEGIN = '/v1/login/begin';
const ANSWER = '/v1/login/answer';
const MAIL = '/v1/login/emergency-mail';

const codesOf = (asked: readonly Asked[]) =>
  asked.filter(({ path }) => path === ANSWER).map(({ body }) => [body.method, body.code]);

const text = 'This code was right 4 minutes ago: your phone’s clock is slow.';
const explanation = { code: 'phone-slow', seconds: 240, text };
const fourDots = 'a•••@example.com';

const DIALOGUES: readonly {
  name: string;
  script: Script;
  plan: Login;
  codes: unknown[][];
  result: number;
}[] = [
  {
    name: 'accepted',
    script: { [BEGIN]: challenge(), [ANSWER]: accepted() },
    plan: { answers: ['123 456'] },
    codes: [['totp', '123 456']],
    result: 0,
  },
  {
    name: 'three-wrong-codes',
    script: {
      [BEGIN]: challenge(),
      [ANSWER]: [refused('wrong-code'), refused('wrong-code', { explanation })],
    },
    plan: { answers: ['111111', '222222', '333333', '444444'] },
    codes: [
      ['totp', '111111'],
      ['totp', '222222'],
      ['totp', '333333'],
    ],
    result: 7,
  },
  {
    name: 'every-refusal',
    script: {
      [BEGIN]: challenge(),
      [ANSWER]: [
        refused('used-code'),
        problem(400, 'malformed-code'),
        refused('clock-unsure'),
        refused('form-required'),
        refused('login-changed'),
      ],
    },
    plan: { answers: ['111111', '12345', '222222', '', '333333', '444444'] },
    codes: [
      ['totp', '111111'],
      ['totp', '12345'],
      ['totp', '222222'],
      ['totp', '333333'],
      ['totp', '444444'],
    ],
    result: 7,
  },
  {
    name: 'pair-one-after-the-other',
    script: {
      [BEGIN]: challenge({ form: 'pair' }),
      [ANSWER]: [refused('wrong-code', { form: 'pair' }), accepted()],
    },
    plan: { answers: ['111111', '222222', '333333 444444'] },
    codes: [
      ['totp', '111111 222222'],
      ['totp', '333333 444444'],
    ],
    result: 0,
  },
  {
    name: 'triple-after-form-required',
    script: { [BEGIN]: challenge(), [ANSWER]: [refused('form-required', { form: 'triple' }), accepted()] },
    plan: { answers: ['111111', '222222', '333333', '444444'] },
    codes: [
      ['totp', '111111'],
      ['totp', '222222 333333 444444'],
    ],
    result: 0,
  },
  {
    name: 'recovery-code',
    script: { [BEGIN]: challenge(), [ANSWER]: accepted({ notice: 'recovery-codes-low' }) },
    plan: { answers: ['7k3m-9qxa-0f2t-vw4h'] },
    codes: [['recovery-code', '7k3m-9qxa-0f2t-vw4h']],
    result: 0,
  },
  {
    name: 'suspended',
    script: {
      [BEGIN]: challenge({ methods: ['recovery-code'] }),
      [ANSWER]: [refused('totp-suspended'), accepted()],
    },
    plan: { answers: ['123456', '7K3M9QXA0F2TVW4H'] },
    codes: [
      ['totp', '123456'],
      ['recovery-code', '7K3M9QXA0F2TVW4H'],
    ],
    result: 0,
  },
  {
    name: 'mailed-code',
    script: {
      [BEGIN]: challenge({ securityEmail: fourDots, methods: ['totp', 'recovery-code', 'emergency-code'] }),
      [MAIL]: [
        { status: 202, body: { sentTo: fourDots, state: 'sent', validFor: 600 } },
        { status: 429, body: { outcome: 'wait', retryAfter: 58 } },
      ],
      [ANSWER]: [refused('expired-code'), accepted({ notice: 'security-email-missing' })],
    },
    plan: { answers: ['Mail', 'AB12-CD34', ' mail ', '12345678'] },
    codes: [
      ['emergency-code', 'AB12-CD34'],
      ['emergency-code', '12345678'],
    ],
    result: 0,
  },
  {
    name: 'no-mail-to-be-had',
    script: {
      [BEGIN]: challenge({ securityEmail: fourDots }),
      [MAIL]: [
        { status: 409, body: { outcome: 'refused', because: 'no-security-email' } },
        { status: 409, body: { outcome: 'refused', because: 'recent-reset' } },
        { status: 503, body: { outcome: 'refused', because: 'mail-not-set-up' } },
        { status: 202, body: { sentTo: fourDots, state: 'queued', validFor: 600 } },
      ],
      [ANSWER]: accepted(),
    },
    plan: { answers: ['mail', 'mail', 'mail', 'mail', '123456'] },
    codes: [['totp', '123456']],
    result: 0,
  },
  {
    name: 'daemon-restarted',
    script: { [BEGIN]: challenge(), [ANSWER]: [problem(404, 'unknown-login'), accepted()] },
    plan: { answers: ['111111', '222222'] },
    codes: [
      ['totp', '111111'],
      ['totp', '222222'],
    ],
    result: 0,
  },
  {
    name: 'chinese',
    script: {
      [BEGIN]: challenge({ securityEmail: fourDots, retryAfter: 1 }),
      [ANSWER]: [refused('wrong-code'), accepted({ notice: 'board-clock' })],
    },
    plan: { answers: ['１２３４５６', '123456'], env: { LANG: 'zh_CN.UTF-8' } },
    codes: [
      ['totp', '１２３４５６'],
      ['totp', '123456'],
    ],
    result: 0,
  },
];

for (const { name, script, plan, codes, result } of DIALOGUES) {
  test(`dialogue: ${name}`, { skip }, async (t) => {
    const outcome = await bench.scripted(t, script, plan);
    matchTranscript(name, outcome.output);
    assert.deepEqual(codesOf(outcome.asked), codes);
    assert.match(outcome.output, new RegExp(`^result: ${result} `, 'm'));
  });
}

for (const because of [
  'unknown-user',
  'identity-changed',
  'state-lost',
  'key-missing',
  'store-unavailable',
  'directory-unavailable',
  'recent-reset',
  'some-later-reason',
]) {
  for (const locale of ['en', 'zh-CN']) {
    test(`denied: ${because} is explained (${locale})`, { skip }, async (t) => {
      const script = { [BEGIN]: { status: 403, body: { outcome: 'deny', because } } };
      const { output, code } = await bench.scripted(t, script, { options: `locale=${locale}` });
      assert.equal(code, 1);
      matchTranscript(`denied-${because}-${locale}`, output);
    });
  }
}

test('three codes are waited for beyond the timeout, and one is not', { skip }, async (t) => {
  const late = { status: 200, body: { outcome: 'accepted', user: 'alice' }, afterMs: 1_500 };
  const plan = { options: 'timeout=1', answers: ['222222 333333 444444'] };
  const script = (form: string) => ({ [BEGIN]: challenge({ form }), [ANSWER]: late });
  assert.equal((await bench.scripted(t, script('triple'), plan)).code, 0);
  const { output } = await bench.scripted(t, script('single'), { ...plan, answers: ['222222'] });
  assert.match(output, /^result: 9 /m);
});
