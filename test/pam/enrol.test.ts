// Owns the proof that a person can enrol in a terminal, during the login that requires it.

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { qrText } from '../../daemon/enrolment/qr.ts';
import { Bench, type Login, matchTranscript, missing } from './bench.ts';
import { accepted, LOGIN, problem, refused, type Script } from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const BEGIN = '/v1/login/begin';
const ENROL = '/v1/login/enrol';
const CONFIRM = '/v1/login/enrol/confirm';
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const uri = `otpauth://totp/Fygo%20NAS:alice%40fygo?secret=${secret}&issuer=Fygo%20NAS`;
const recoveryCodes = ['7K3M-9QXA-0F2T-VW4H', 'PXA0-F2TV-W4H7-K3M9'];

async function script(more: Script): Promise<Script> {
  const offer = {
    account: 'alice@fygo',
    issuer: 'Fygo NAS',
    secret,
    uri,
    qrSvg: '<svg/>',
    qrText: await qrText(uri),
  };
  const expires = '2026-11-24T08:15:00.000Z';
  return {
    [BEGIN]: { status: 401, body: { outcome: 'enrol', login: LOGIN, expires } },
    [ENROL]: { status: 201, body: offer },
    ...more,
  };
}

const enrol = async (t: TestContext, more: Script, plan: Login) =>
  bench.scripted(t, await script(more), plan);

test('the picture, the key, the first code, the recovery codes', { skip }, async (t) => {
  const explanation = { code: 'phone-slow', text: 'Your phone is 75 s slow: switch its automatic time on.' };
  const more = { [CONFIRM]: [refused('wrong-code', { explanation }), accepted({ recoveryCodes })] };
  const { output, code, asked } = await enrol(t, more, { answers: ['123456', '654321', ''] });
  assert.equal(code, 0);
  matchTranscript('enrol', output);
  assert.deepEqual(
    asked.slice(2).map(({ body }) => body),
    ['123456', '654321'].map((typed) => ({ login: LOGIN, user: 'alice', code: typed })),
  );
});

test('the picture can be flipped for a light terminal, and back', { skip }, async (t) => {
  const more = { [CONFIRM]: accepted() };
  const { output, code } = await enrol(t, more, { answers: ['flip', 'flip', 'hello', '123456'] });
  assert.equal(code, 0);
  const pictures = output
    .split(/^(?!info {2}: [█▀▄ ]+$).*\n/m)
    .map((picture) => picture.replaceAll(/^info {2}: /gm, '').replace(/\n$/, ''))
    .filter((picture) => picture.includes('█'));
  const swapped: Record<string, string> = { '█': ' ', ' ': '█', '▀': '▄', '▄': '▀' };
  const drawn = (await qrText(uri)).trimEnd();
  const flipped = [...drawn].map((cell) => swapped[cell] ?? cell).join('');
  assert.deepEqual(pictures, [drawn, flipped, drawn]);
});

test('in Chinese', { skip }, async (t) => {
  const more = { [CONFIRM]: accepted({ recoveryCodes }) };
  const { output } = await enrol(t, more, { answers: ['123456', ''], options: 'locale=zh-CN' });
  matchTranscript('enrol-chinese', output);
});

test('three wrong codes end the login', { skip }, async (t) => {
  const { output, asked } = await enrol(
    t,
    { [CONFIRM]: refused('wrong-code') },
    { answers: Array(9).fill('111111') },
  );
  assert.match(output, /^result: 7 /m);
  assert.equal(asked.filter(({ path }) => path === CONFIRM).length, 3);
});

test('only the 200 of the confirmation lets in', { skip }, async (t) => {
  const answers = ['123456', ''];
  const offers: Script[] = [
    { [ENROL]: { status: 200, body: { outcome: 'accepted', user: 'alice' } } },
    { [ENROL]: refused('login-changed') },
    { [ENROL]: problem(503, 'store-unavailable') },
    { [CONFIRM]: { status: 202, body: { outcome: 'completed', proof: LOGIN } } },
    { [CONFIRM]: { status: 200, body: { outcome: 'allow', user: 'alice' } } },
    { [CONFIRM]: problem(404, 'unknown-login') },
  ];
  for (const more of offers) {
    const { code, output } = await enrol(t, more, { answers });
    assert.equal(code, 1, output);
    assert.match(output, /^error : /m);
  }
});

test('a silent login says everything in its questions', { skip }, async (t) => {
  const more = { [CONFIRM]: [refused('wrong-code'), accepted({ recoveryCodes })] };
  const { output, code } = await enrol(t, more, { answers: ['123456', '654321', ''], driver: ['-s'] });
  assert.equal(code, 0);
  assert.doesNotMatch(output, /^(info|error)/m);
  matchTranscript('enrol-silent', output);
});
