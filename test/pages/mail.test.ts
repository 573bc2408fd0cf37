// Owns the proof that the email service is set up in the browser: the sign-in at Microsoft, and failures, in both languages.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { deviceFlow } from '../mail/device-flow.ts';
import { noStage, PHONE_SIZE, type Stage, theatre } from './stage.ts';

const skip = noStage();
const house = theatre(skip, { shared: false });

/** What root sets; the page's own form cannot name another server for Microsoft. */
async function mailIs(stage: Stage, port: number, more: object = {}): Promise<void> {
  const { headers } = await stage.bench.asRoot('GET /v1/mail');
  const server = { host: '127.0.0.1', port, security: 'plain', user: null };
  const wanted = { provider: 'smtp', from: 'nas@example.com', ...server, ...more };
  const reply = await stage.bench.asRoot('PUT /v1/mail', wanted, { 'If-Match': String(headers.etag) });
  assert.equal(reply.status, 200);
}

/** A server that turns everybody away in such words; its port. */
async function rude(t: TestContext, words: string): Promise<number> {
  const server = createServer((socket) => socket.end(words));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.after(() => server.close());
  return port;
}

/** Nobody listens there, and no system gives it to a program that asks for a free one. */
const NOBODYS_PORT = 1;

const nobody = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');

test('the sign-in at Microsoft: code and link, declined, too late, done; the failure behind it in Chinese', {
  skip,
}, async (t) => {
  const flow = await deviceFlow(t);
  flow.interval = 1;
  const outlook = `[outlook]\nclient_id = "client-1"\nendpoint = "${flow.endpoint}"\n`;
  const stage = await house.own(t, `[clock]\nservers = [${nobody}]\n${outlook}`);
  const phone = await stage.bench.enrolled('alice');
  const alice = await stage.visitor(t);
  const { page } = alice;
  await alice.signsIn('alice', phone);
  await mailIs(stage, stage.gateway.mailbox.port, {
    provider: 'outlook',
    user: 'nas@example.com',
    security: 'starttls',
  });
  await page.goto(`${stage.url}system#mail`);
  await page.getByText('Waiting for sign-in').waitFor();
  const begin = page.getByRole('button', { name: 'Sign in', exact: true });
  await begin.click();
  await alice.stepsUp(phone);
  assert.equal(await alice.reads('user-code'), 'FJK4QZ7T');
  const link = page.getByRole('link', { name: 'https://microsoft.com/devicelogin' });
  assert.equal(await link.getAttribute('rel'), 'noreferrer');
  await alice.looks('system-mail-sign-in-en');
  flow.person = 'declines';
  await page.getByText('The sign-in was declined.').waitFor();
  flow.person = 'is late';
  await begin.click();
  await page.getByText('The code is too old').waitFor();

  // A provider that sends somebody elsewhere: no link is made of it, should the daemon ever let it through.
  flow.person = 'waits';
  const hostile = {
    userCode: '<b>CODE</b>',
    verificationUri: 'javascript:alert(1)',
    expires: '',
    interval: 60,
  };
  await page.route('**/admin/mail/authorise', (route) => route.fulfill({ json: hostile }), { times: 1 });
  await begin.click();
  await page.locator('[data-test=user-code]', { hasText: '<b>CODE</b>' }).waitFor();
  assert.equal(await page.locator('main a[href^="javascript:"]').count(), 0);
  assert.equal(await page.locator('main b').count(), 0);
  await page.reload();

  await page.getByRole('button', { name: '简体中文' }).click();
  await page.getByText('等待登录').waitFor();
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await alice.stepsUp(phone);
  await page.getByText('在任意设备上打开此地址').waitFor();
  await alice.looks('system-mail-sign-in-zh');
  flow.person = 'agrees';
  await page.locator('.badge', { hasText: '已登录。' }).waitFor();
  // The mailbox of the stage has no encryption: no token is sent to it, and that is said in Chinese.
  await page.getByLabel('收件地址').fill('alice@example.com');
  await page.getByRole('button', { name: '发送', exact: true }).click();
  const steps = page.locator('[data-test=mail-steps]');
  await steps.locator('.badge.bad').waitFor();
  assert.match((await steps.textContent()) ?? '', /邮件服务器不支持 STARTTLS/);
  await alice.looks('system-mail-authorised-zh');
});

test('in Chinese: set up by the form, tested step by step, failures in Chinese with the server’s own words', {
  skip,
}, async (t) => {
  const stage = await house.own(t);
  const phone = await stage.bench.enrolled('alice');
  const alice = await stage.visitor(t, { locale: 'zh-CN', viewport: PHONE_SIZE, colorScheme: 'dark' });
  const { page } = alice;
  await alice.signsIn('alice', phone);
  await page.goto(`${stage.url}system#mail`);
  await page.getByLabel('服务商').selectOption('smtp');
  await page.getByLabel('发件人地址').fill('nas@example.com');
  await page.getByLabel('加密方式').selectOption('plain');
  await page.getByLabel('邮件服务器', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('端口').fill(String(await rude(t, '554 <img src=x onerror=alert(1)> go away\r\n')));
  let saved = 0;
  page.on('request', (request) => {
    if (request.method() === 'PUT') saved += 1;
  });
  await page.getByRole('button', { name: '保存' }).dblclick();
  await alice.stepsUp(phone);
  const send = async () => {
    await page.getByLabel('收件地址').fill('alice@example.com');
    await page.getByRole('button', { name: '发送', exact: true }).click();
  };
  await send();
  const steps = page.locator('[data-test=mail-steps]');
  await steps.locator('.badge.bad').waitFor();
  assert.match(
    (await steps.textContent()) ?? '',
    /邮件服务器.*服务器回复：.*<img src=x onerror=alert\(1\)> go away/s,
  );
  assert.equal(await page.locator('main img').count(), 0);
  await alice.looks('system-mail-failed-zh-dark-360');
  // Asked for a fresh code, then saved, once: double click or not.
  assert.equal(saved, 2);

  await mailIs(stage, NOBODYS_PORT);
  await page.reload();
  await send();
  await alice.stepsUp(phone);
  await steps.getByText('无法连接到邮件服务器').waitFor();
  await page.getByRole('link', { name: '就绪状态' }).click();
  await page.getByText('邮件无法发送，因此收不到验证码。').waitFor();
  assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Mail does not work|time servers/);
  await alice.looks('system-readiness-mail-zh-dark-360');

  await stage.mail();
  await page.getByRole('link', { name: '邮件服务' }).click();
  await send();
  await page.getByText('邮件已发出').waitFor();
  assert.equal(await steps.locator('.badge.good').count(), 3);
  await alice.looks('system-mail-tested-zh-dark-360');
  await page.getByRole('button', { name: '移除' }).click();
  await alice.looks('system-mail-remove-zh-dark-360');
  await page.getByRole('button', { name: '移除' }).click();
  await page.getByText('未设置').waitFor();
});
