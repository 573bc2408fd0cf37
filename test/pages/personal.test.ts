// Owns the proof that a person can switch two-factor on, change the phone, renew codes and turn it off, in a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKUP } from './people.ts';
import { noStage, PHONE_SIZE, theatre } from './stage.ts';
import { codeField, decodeQr, oathtool, type Visitor } from './visitor.ts';

const skip = noStage('zbarimg');
const house = theatre(skip);

/** From the home page to the offered secret. */
async function begins(visitor: Visitor, button: string): Promise<string> {
  await visitor.page.getByRole('button', { name: button }).click();
  await visitor.page.locator('.qr').waitFor();
  return visitor.reads('secret');
}

test('enabled in three steps; the QR code is read from a dark page; then phone, codes, off', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const { bench } = stage;
  const bob = await stage.visitor(t, { colorScheme: 'dark' });
  const { page } = bob;
  await bob.password(name);
  await bob.isIn(name);
  await page.getByRole('link', { name: 'Personal Settings' }).click();
  await page.getByRole('heading', { name: 'Account security' }).waitFor();
  await bob.looks('personal-off-en-dark');
  const secret = await begins(bob, 'Enable Now');
  await bob.looks('personal-enrol-en-dark');
  assert.deepEqual(await bob.edgeOf(page.locator('.qr')), ['255,255,255,255'], 'white in the dark');
  const uri = decodeQr('personal-enrol-en-dark');
  assert.match(uri, /^otpauth:\/\/totp\//);
  assert.equal(new URL(uri).searchParams.get('secret'), secret.replaceAll(' ', ''));
  assert.equal(
    await page.getByRole('link', { name: 'Open in the authenticator app' }).getAttribute('href'),
    uri,
  );
  const field = page.getByLabel('One-time password', { exact: true });
  await field.fill('000000');
  await page.getByRole('alert').waitFor();
  await field.fill(oathtool(secret, bench.now));
  await page.locator('[data-test=recovery-codes] li').nth(9).waitFor();
  await bob.looks('personal-codes-en-dark');
  const codes = await page.locator('[data-test=recovery-codes] li').allInnerTexts();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'fygo-recovery-codes.txt');
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByText('10 codes left').waitFor();
  await bob.looks('personal-on-en-dark');

  // A new phone takes the old one's place, after a fresh second step.
  bench.pass(60);
  await page.getByRole('button', { name: 'Replace the phone' }).click();
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await bob.looks('personal-step-up-en-dark');
  await bob.types(oathtool(secret, bench.now));
  await page.locator('.qr').waitFor();
  const second = await bob.reads('secret');
  assert.notEqual(second, secret);
  await page.getByLabel('One-time password', { exact: true }).fill(oathtool(second, bench.now));
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByText('Phone replaced').waitFor();

  // New recovery codes, and the old ones are nothing.
  bench.pass(60);
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByRole('textbox', { name: 'Recovery code' }).fill(codes[0] ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This code is not right').waitFor();
  await page.getByRole('button', { name: 'Use the authenticator app' }).click();
  await bob.types(oathtool(second, bench.now));
  await page.getByRole('button', { name: 'I have saved them' }).click();

  await page.getByRole('button', { name: 'Turn off' }).click();
  await bob.looks('personal-turn-off-en-dark');
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Enable Now' }).waitFor();
});

test('a session that is over, a double click: said, and done once', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const bob = await stage.visitor(t);
  const { page } = bob;
  await bob.password(name);
  await bob.isIn(name);
  await page.goto(`${stage.url}personal`);
  let asked = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/me/enrolment')) asked += 1;
  });
  await page.getByRole('button', { name: 'Enable Now' }).waitFor();
  // Both before the browser draws anything.
  await page.evaluate(`for (const button of document.querySelectorAll('button'))
    if (button.textContent === 'Enable Now') { button.click(); button.click(); }`);
  await page.locator('.qr').waitFor();
  assert.equal(asked, 1);
  // The page stayed open over night, and the gateway has forgotten the session.
  await bob.context.clearCookies();
  await page.getByLabel('One-time password', { exact: true }).fill('123456');
  await page.getByRole('alert').getByText('You are not signed in any more').waitFor();
  await page.reload();
  await page.getByRole('alert').getByText('You are not signed in any more').waitFor();
  await bob.looks('personal-signed-out-en');
});

test('on a phone, in Chinese, with the keyboard alone', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const bob = await stage.visitor(t, { locale: 'zh-CN', viewport: PHONE_SIZE });
  const { page } = bob;
  await bob.password(name);
  await bob.isIn(name);
  await page.goto(`${stage.url}personal`);
  const enable = page.getByRole('button', { name: '立即启用' });
  await enable.waitFor();
  await bob.looks('personal-off-zh-360');
  await bob.tabsTo(enable);
  await page.keyboard.press('Enter');
  await page.locator('.qr').waitFor();
  await bob.looks('personal-enrol-zh-360');
  const secret = await bob.reads('secret');
  const field = page.getByLabel('一次性验证码', { exact: true });
  await bob.tabsTo(field);
  await bob.types(oathtool(secret, stage.bench.now));
  await page.locator('[data-test=recovery-codes] li').nth(9).waitFor();
  await bob.looks('personal-codes-zh-360');
});

test('in Chinese, with markup for a name: Security Email, devices, the ways to a fresh second step', {
  skip,
}, async (t) => {
  const { stage } = house;
  await stage.mail();
  const name = stage.people.take('user', MARKUP);
  const eve = await stage.visitor(t, { locale: 'zh-CN', viewport: PHONE_SIZE, colorScheme: 'dark' });
  const { page } = eve;
  await eve.password(name);
  await eve.isIn(name);
  await page.goto(`${stage.url}personal`);
  await page.getByText(`当前用户：${MARKUP}`).waitFor();
  const secret = await begins(eve, '立即启用');
  assert.equal(await page.locator('main img').count(), 1, 'the QR code and nothing else');
  await codeField(page).fill(oathtool(secret, stage.bench.now));
  await page.getByRole('button', { name: '我已保存' }).click();

  await page.getByLabel('邮箱地址').fill('eve@example.com');
  await page.getByRole('button', { name: '发送验证码' }).click();
  await eve.stepsUp({ secret });
  await page.getByText('等待确认').waitFor();
  await eve.looks('personal-email-pending-zh-dark-360');
  await page.getByLabel('邮件中的验证码').fill('7'.repeat(5_000));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('邮件中的验证码').fill(await stage.mailedCode(/安全邮箱/));
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await page.locator('[data-test=security-email]').waitFor();

  await eve.signsOut();
  await eve.password(name);
  await page.getByLabel(/^信任此设备/).check();
  assert.equal(await page.getByLabel('此设备的名称').inputValue(), 'Linux 上的 Chrome');
  await page.getByLabel('此设备的名称').fill(`${MARKUP}${'长'.repeat(5_000)}`);
  await codeField(page).fill(eve.next({ secret }));
  await eve.isIn(name);
  await page.goto(`${stage.url}personal`);
  await page.locator('[data-test=devices]').getByText(MARKUP).waitFor();
  await eve.looks('personal-devices-zh-dark-360');
  await page.getByRole('button', { name: `撤销 ${MARKUP}` }).click();
  await page.getByText('不再受信任').click();
  await page.getByText(/由您撤销/).waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  await eve.looks('personal-devices-ended-zh-dark-360');

  await page.reload();
  await page.getByRole('button', { name: '更换手机' }).click();
  await page.getByRole('button', { name: '使用恢复码' }).click();
  await page.getByRole('textbox', { name: '恢复码' }).fill('x'.repeat(5_000));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await eve.looks('personal-step-up-recovery-zh-dark-360');
  await page.getByRole('button', { name: '手机丢失？通过邮件获取验证码' }).click();
  await page.getByText('仅可用于更换手机').waitFor();
  await eve.looks('personal-step-up-mail-zh-dark-360');
  await page.getByLabel('邮件验证码').fill(await stage.mailedCode(/./));
  await page.keyboard.press('Enter');
  await page.locator('.qr').waitFor();
  await eve.looks('personal-replace-zh-dark-360');
  await page.getByRole('button', { name: '取消' }).click();
});
