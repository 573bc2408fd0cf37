// Owns the proof that the second-step page lets people in, explains refusals, and completes nobody else's login.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { says } from '../scenarios/client.ts';
import { buildPages, launch, noStage, oathtool, PHONE_SIZE, Stage } from './stage.ts';

const skip = noStage();
let browser: Browser;

before(async () => {
  if (skip) return;
  buildPages();
  browser = await launch();
});
after(() => browser?.close());

test('a code typed digit by digit lets in by itself; a wrong one is explained', { skip }, async (t) => {
  const stage = await Stage.open(t, browser);
  const phone = await stage.bench.enrolled('alice');
  const alice = await stage.visitor();
  await alice.password('alice', 'wonderland');
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
  await alice.isIn('alice');
  assert.deepEqual(stage.complaints, []);
});

test('a pasted "123 456" counts, on a phone in Chinese and in the dark', { skip }, async (t) => {
  const stage = await Stage.open(t, browser);
  const phone = await stage.bench.enrolled('alice');
  const alice = await stage.visitor({
    locale: 'zh-CN',
    viewport: PHONE_SIZE,
    colorScheme: 'dark',
    isMobile: true,
  });
  await alice.password('alice', 'wonderland');
  const field = alice.page.getByLabel('一次性验证码', { exact: true });
  await field.waitFor();
  await alice.looks('second-step-zh-dark-360');
  const code = oathtool(phone.secret, stage.bench.now);
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await alice.isIn('alice');
  assert.deepEqual(stage.complaints, []);
});

test('a link sent to somebody else completes no login: neither hers nor the sender’s', {
  skip,
}, async (t) => {
  const stage = await Stage.open(t, browser);
  const phone = await stage.bench.enrolled('alice');
  const thief = await stage.visitor();
  await thief.password('alice', 'wonderland');
  await thief.page.getByLabel('One-time password', { exact: true }).waitFor();
  const link = thief.page.url();
  const alice = await stage.visitor();
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
  says(await stage.bench.login('redeem', { login, user: 'alice', proof }), 403, { because: 'wrong-code' });
  await thief.page.goto(stage.url);
  assert.equal(await thief.page.locator('[data-test=user]').count(), 0);
});

test('a link that names another site for the proof is not taken', { skip }, async (t) => {
  const stage = await Stage.open(t, browser);
  await stage.bench.enrolled('alice');
  const login = await stage.bench.challenged('alice');
  const alice = await stage.visitor();
  for (const [n, to] of [
    'https://evil.example/',
    '//evil.example/',
    '/\t/evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ].entries()) {
    const link = new URLSearchParams({ login, user: 'alice', return: to });
    await alice.page.goto(`${stage.url}second-step?${n}#${link}`);
    await alice.page.getByText('Nothing to verify here').waitFor();
  }
  await alice.looks('second-step-nothing-en');
});
