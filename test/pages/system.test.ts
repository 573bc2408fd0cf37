// Owns the proof that administrators keep time, policy and users from the browser, and nobody else does.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ntpServer } from '../clock/ntp-server.ts';
import { NOON } from '../scenarios/board.ts';
import { MARKUP } from './people.ts';
import { noStage, PHONE_SIZE, theatre } from './stage.ts';
import { codeField, oathtool } from './visitor.ts';

const skip = noStage();
const house = theatre(skip);

/** Four servers that tell the time of the bench, of which one lies by a minute. */
async function servers(t: TestContext): Promise<string> {
  const ahead = NOON - Date.now();
  const list = await Promise.all(
    [0, 0.01, -0.02, 60].map((by, n) => ntpServer(t, `127.0.0.${81 + n}`, { ahead: ahead + by * 1000 })),
  );
  return `[clock]\nservers = [${list.map(({ host, port }) => `"${host}:${port}"`).join(', ')}]\n`;
}

test('the system time: servers, offsets, check; correcting it is refused on a demonstration', {
  skip,
}, async (t) => {
  const stage = await house.own(t, await servers(t));
  const alice = await stage.visitor(t);
  const phone = await stage.bench.enrolled('alice');
  await alice.password('alice');
  // Time servers are believed here, and nobody moves them: what passes on the bench alone does not pass.
  await codeField(alice.page).fill(oathtool(phone.secret, stage.bench.now));
  await alice.isIn('alice');
  const { page } = alice;
  await page.goto(`${stage.url}system#time`);
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('disagrees').waitFor();
  await page.getByRole('img', { name: 'Offset of each server' }).waitFor();
  assert.match((await page.locator('main').textContent()) ?? '', /3 of 4 servers agree/);
  await alice.looks('system-time-en');
  await page.getByRole('button', { name: 'Correct now' }).click();
  await page.getByRole('button', { name: 'Correct now' }).click();
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).last().click();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('button', { name: '简体中文' }).click();
  await page.getByText('不一致').first().waitFor();
  await alice.looks('system-time-zh');
});

test('the policy is shown before it bites; users get a pass, a reset; the trail says so', {
  skip,
}, async (t) => {
  const { stage } = house;
  const { bench } = stage;
  const alice = await stage.visitor(t);
  const name = stage.people.take('administrator');
  const phone = await bench.enrolled(name);
  await bench.enrolled('bob');
  await alice.signsIn(name, phone);
  const { page } = alice;
  await page.getByRole('link', { name: 'System Settings' }).click();
  await page.getByText('Users known').waitFor();
  await alice.looks('system-readiness-en');

  await page.getByRole('link', { name: 'Mandatory two-factor' }).click();
  await page.getByLabel('Specific Users and User Groups').check();
  await page.getByLabel('Users', { exact: true }).fill('bob, carol');
  await page.getByRole('button', { name: 'Show what it would mean' }).click();
  await page.locator('[data-test=preview]').getByText('carol').waitFor();
  await alice.looks('system-mandatory-en');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await alice.types(alice.next(phone));
  await page.getByText('Saved.').waitFor();
  const { body: policy } = await bench.asRoot('GET /v1/policy');
  assert.equal(policy.scope, 'specific');
  // Saved meanwhile by somebody else: told, and nothing is overwritten.
  const etag = String((await bench.asRoot('GET /v1/policy')).headers.etag);
  await bench.asRoot('PUT /v1/policy', { scope: 'none', graceDays: 0 }, { 'If-Match': etag });
  await page.getByRole('button', { name: 'Show what it would mean' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('Somebody else saved in between').waitFor();

  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await page.getByText(MARKUP).waitFor();
  assert.equal(await page.locator('main img').count(), 0);
  await page.getByLabel('Search').fill('bo');
  await alice.looks('system-users-en');
  await page.getByRole('link', { name: 'bob' }).click();
  await page.getByLabel('Reason').fill('lost phone');
  await page.getByRole('button', { name: 'Make a pass' }).click();
  assert.match((await page.locator('[data-test=pass]').textContent()) ?? '', /^[0-9A-Z-]{19}$/);
  await alice.looks('system-user-en');
  await page.getByRole('button', { name: 'Reset two-factor' }).click();
  await page.getByRole('button', { name: 'Reset two-factor' }).click();
  await page.locator('.badge', { hasText: 'not enrolled' }).waitFor();
  assert.equal((await bench.user('bob')).state, 'not-enrolled');
  await page.goBack();
  await page.getByLabel('Search').waitFor();

  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByText('Mandatory two-factor changed').first().waitFor();
  await alice.looks('system-audit-en');
});

test('in Chinese, in the dark, at 360 px: every section', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('administrator');
  const alice = await stage.visitor(t, { locale: 'zh-CN', viewport: PHONE_SIZE, colorScheme: 'dark' });
  await alice.signsIn(name, await stage.bench.enrolled(name));
  const { page } = alice;
  await page.goto(`${stage.url}system`);
  for (const [section, title] of [
    ['readiness', '就绪状态'],
    ['mandatory', '强制双重验证'],
    ['users', '用户'],
    ['mail', '邮件服务'],
    ['time', 'NAS 时钟'],
    ['audit', '活动记录'],
  ] as const) {
    await page.goto(`${stage.url}system#${section}`);
    await page.locator('main').getByRole('heading', { name: title, exact: true }).waitFor();
    await page.locator('main [role=status]', { hasText: '正在加载' }).waitFor({ state: 'detached' });
    await alice.looks(`system-${section}-zh-dark-360`);
  }
});

test('a standard user is told, and sees nothing', { skip }, async (t) => {
  const { stage } = house;
  const bob = await stage.visitor(t);
  const name = stage.people.take('user', 'ben');
  await bob.password(name);
  await bob.isIn(name);
  await bob.page.goto(`${stage.url}system#users`);
  await bob.page.getByRole('alert').getByText('administrators only').waitFor();
  await bob.looks('system-refused-en');
});
