// Owns the proof that the second-step page lets people in, explains refusals, and completes nobody else's login.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { says } from '../scenarios/client.ts';
import { noStage, PHONE, theatre } from './stage.ts';
import { oathtool } from './visitor.ts';

const skip = noStage();
const house = theatre(skip);

test('a code typed digit by digit lets in by itself; a wrong one is explained', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const alice = await stage.visitor(t);
  await alice.password(name);
  const { page } = alice;
  const field = page.getByLabel('One-time password', { exact: true });
  assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
  assert.equal(await field.getAttribute('inputmode'), 'numeric');
  await alice.looks('second-step-en');
  await field.pressSequentially(phone.wrong(stage.bench.now));
  await page.getByRole('alert').getByText('This code is not right').waitFor();
  await alice.looks('second-step-wrong-en');
  const [manual] = await Promise.all([
    alice.context.waitForEvent('page'),
    page.getByRole('alert').getByRole('link', { name: 'What to do' }).click(),
  ]);
  await manual.locator('h3:target').waitFor();
  await manual.close();
  await page.bringToFront();
  const old = phone.code(stage.bench.now - 240_000);
  await field.pressSequentially(old);
  await page.getByRole('alert').getByText("your phone's clock is slow").waitFor();
  await field.pressSequentially(oathtool(phone.secret, stage.bench.now));
  await alice.isIn(name);
});

test('a pasted "１２３ 456" counts, on a phone in Chinese and in the dark', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const alice = await stage.visitor(t, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' });
  await alice.password(name);
  const field = alice.page.getByLabel('一次性验证码', { exact: true });
  await field.waitFor();
  await alice.looks('second-step-zh-dark-360');
  const code = oathtool(phone.secret, stage.bench.now);
  // A Chinese keyboard may give full-width digits.
  const wide = code.slice(0, 3).replaceAll(/\d/g, (digit) => '０１２３４５６７８９'.charAt(Number(digit)));
  await field.fill(`${wide} ${code.slice(3)}`);
  await alice.isIn(name);
});

test('a link sent to somebody else completes no login: neither hers nor the sender’s', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const thief = await stage.visitor(t);
  await thief.password(name);
  await thief.page.getByLabel('One-time password', { exact: true }).waitFor();
  const link = thief.page.url();
  const alice = await stage.visitor(t);
  await alice.page.goto(link);
  await alice.page
    .getByLabel('One-time password', { exact: true })
    .fill(oathtool(phone.secret, stage.bench.now));
  await alice.page.locator('[data-test=because]', { hasText: 'not-begun-here' }).waitFor();
  await thief.page.reload();
  await thief.page.getByText('This sign-in was completed already').waitFor();
  // The proof never reached the thief, and an invented one is worth nothing.
  const login = new URLSearchParams(new URL(link).hash.slice(1)).get('login');
  const proof = 'A'.repeat(43);
  says(await stage.bench.login('redeem', { login, user: name, proof }), 403, { because: 'wrong-code' });
  await thief.page.goto(stage.url);
  assert.equal(await thief.page.locator('[data-test=user]').count(), 0);
});

test('a link that names another site for the proof is not taken', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  await stage.bench.enrolled(name);
  const login = await stage.bench.challenged(name);
  const alice = await stage.visitor(t);
  for (const [n, to] of [
    'https://evil.example/',
    '//evil.example/',
    '/\t/evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ].entries()) {
    const link = new URLSearchParams({ login, user: name, return: to });
    await alice.page.goto(`${stage.url}second-step?${n}#${link}`);
    await alice.page.getByText('Nothing to verify here').waitFor();
  }
  await alice.looks('second-step-nothing-en');
});

test('what takes long to come about: three codes, one-time passwords closed, a store that is away', {
  skip,
}, async (t) => {
  const { stage } = house;
  const visitor = await stage.visitor(t, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' });
  const { page } = visitor;
  const face = { outcome: 'challenge', form: 'single', securityEmail: null, retryAfter: 0, expires: '' };
  const shown = async (n: number, status: number, json: object) => {
    await page.route('**/second-step/show', (route) => route.fulfill({ status, json }), { times: 1 });
    const link = new URLSearchParams({ login: 'A'.repeat(43), user: 'bob', return: '/x' });
    await page.goto(`${stage.url}second-step?${n}#${link}`);
  };
  await shown(1, 202, { ...face, methods: ['totp', 'recovery-code'], form: 'triple' });
  await page.getByText('需要连续三个验证码').waitFor();
  assert.equal(await page.getByRole('textbox', { name: /^第 [123] 个验证码/ }).count(), 3);
  await visitor.looks('second-step-triple-zh-dark-360');
  await shown(2, 202, { ...face, methods: ['recovery-code'] });
  await page.getByRole('button', { name: '使用恢复码' }).waitFor();
  assert.equal(await page.getByRole('button', { name: '使用身份验证器应用' }).count(), 0);
  await visitor.looks('second-step-no-totp-zh-dark-360');
  await shown(3, 503, { code: 'store-unavailable', detail: 'The store is away.', hint: 'Look.' });
  await page.getByRole('alert').getByText('无法读取双重验证的状态').waitFor();
  await visitor.looks('second-step-store-away-zh-dark-360');
  // Asked again, it is there: this login never was.
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByRole('heading', { name: '本次登录已结束' }).waitFor();
});
