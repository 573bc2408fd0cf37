// Owns the proof that the second-step page is right in its rarer states: trust that ended, a long night, no mail, a web view.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { says } from '../scenarios/client.ts';
import { noStage, PHONE, PHONE_SIZE, type Stage, theatre } from './stage.ts';
import { codeField, oathtool, type Visitor } from './visitor.ts';

const skip = noStage();
const house = theatre(skip);

/** Signs in once more and trusts the device. */
async function trusts(visitor: Visitor, name: string, code: string, words: RegExp): Promise<void> {
  await visitor.password(name);
  await visitor.page.getByLabel(words).check();
  await codeField(visitor.page).fill(code);
  await visitor.isIn(name);
  await visitor.signsOut();
}

test('a device that is trusted no more is told why and since when, in both languages', {
  skip,
}, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const bob = await stage.visitor(t, { viewport: PHONE_SIZE });
  const { page } = bob;
  await trusts(bob, name, bob.next(phone), /^Trust this device/);
  await bob.password(name);
  await bob.isIn(name);
  await bob.signsOut();
  says(await stage.bench.event(name, 'password-changed'), 202);
  await bob.password(name);
  await page.getByText(/^This device was trusted until .*20\d\d.*: your password was changed\.$/).waitFor();
  await bob.looks('second-step-trust-ended-en-360');
  await page.getByRole('button', { name: '简体中文' }).click();
  await page.getByText(/^此设备的信任已于 20\d\d年.*结束：密码已更改。$/).waitFor();
  await bob.looks('second-step-trust-ended-zh-360');
  await page.reload();
  await page.getByText(/密码已更改/).waitFor();
  // The login began in English; what is said from now on is not.
  await codeField(page).fill(phone.wrong(stage.bench.now));
  await page.getByRole('alert').getByText('NAS 无法确定当前时间').waitFor();
  await codeField(page).fill(bob.next(phone));
  await bob.isIn(name);
});

test('in Chinese: a code by mail, and trusting the device', { skip }, async (t) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const bob = await stage.visitor(t, { locale: 'zh-CN' });
  const { page } = bob;
  await trusts(bob, name, bob.next(phone), /^信任此设备/);
  await bob.password(name);
  await bob.isIn(name);
  await bob.signsOut();
  await bob.context.clearCookies();

  await bob.password(name);
  await page.getByRole('button', { name: '无法获取验证码？' }).click();
  await page.getByText('没有已确认的安全邮箱').waitFor();
  await bob.looks('second-step-ways-zh');
  await stage.mail();
  const address = `${name}@example.com`;
  await stage.bench.asRoot(`PUT /v1/users/${name}/security-email`, { address, locale: 'zh-CN' });
  const code = await stage.mailedCode(/安全邮箱/);
  says(await stage.bench.asRoot(`POST /v1/users/${name}/security-email/confirm`, { code }), 200);
  await bob.password(name);
  await page.getByRole('button', { name: '无法获取验证码？' }).click();
  await page.getByRole('button', { name: /^将紧急验证码发送至/ }).click();
  await page.getByText(/验证码已发送至.*10 分钟内有效/).waitFor();
  await bob.looks('second-step-mailed-zh');
  await page.getByLabel('紧急验证码').fill('ZZZZ ZZZZ');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('验证码不正确').waitFor();
  await page.getByLabel('紧急验证码').fill(await stage.mailedCode(/验证码/));
  await page.keyboard.press('Enter');
  await bob.isIn(name);

  // The mail server is taken away: said, with an entry of the manual that is there.
  await bob.signsOut();
  await bob.context.clearCookies();
  await bob.password(name);
  await page.getByRole('button', { name: '无法获取验证码？' }).click();
  await stage.bench.asRoot('DELETE /v1/mail');
  await page.getByRole('button', { name: /^将紧急验证码发送至/ }).click();
  await page.getByRole('alert').getByText('目前无法发送邮件').waitFor();
  await bob.looks('second-step-mail-refused-zh');
  const entry = page.getByRole('alert').getByRole('link', { name: '如何解决' });
  const [manual] = await Promise.all([bob.context.waitForEvent('page'), entry.click()]);
  await manual.locator('h3#mail-not-set-up:target').waitFor();
});

test('left open over night: said on coming back, before a code is typed, with a way on', {
  skip,
}, async (t) => {
  const { stage } = house;
  const { bench } = stage;
  const name = stage.people.take('user');
  const phone = await bench.enrolled(name);
  const bob = await stage.visitor(t);
  const { page } = bob;
  await page.clock.install();
  await bob.password(name);
  await codeField(page).waitFor();
  // Nine hours on both clocks. Logins end by elapsed time, which no test can move: newer ones push this one out.
  bench.pass(9 * 60 * 60);
  await page.clock.fastForward('09:00:00');
  for (let n = 0; n < 64; n++) await bench.challenged(name, { remoteAddress: '127.0.0.1' });
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await page.getByRole('heading', { name: 'This sign-in is over' }).waitFor();
  await page.getByRole('link', { name: 'Begin again' }).click();
  await bob.signsIn(name, phone);
});

/** Starts the gateway in a process of its own; its address. */
async function gatewayProcess(stage: Stage, port: string, name: string): Promise<[ChildProcess, string]> {
  const program = join(import.meta.dirname, 'gateway-process.ts');
  const words = [program, stage.bench.file('run'), port, name, stage.people.password(name)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return [child, said.toString().trim()];
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGKILL');
  await end;
}

test('the gateway is killed and started anew between password and code: nothing is let in, and it says so', {
  skip,
}, async (t: TestContext) => {
  const { stage } = house;
  const name = stage.people.take('user');
  const phone = await stage.bench.enrolled(name);
  const [first, url] = await gatewayProcess(stage, '0', name);
  t.after(() => killed(first));
  const bob = await stage.visitor(t);
  const { page } = bob;
  const signIn = async () => {
    await page.goto(url);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(stage.people.password(name));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await codeField(page).waitFor();
  };
  await signIn();
  await killed(first);
  await codeField(page).fill(bob.next(phone));
  await page.getByRole('alert').getByText('The NAS does not answer').waitFor();
  const [second] = await gatewayProcess(stage, new URL(url).port, name);
  t.after(() => killed(second));
  await codeField(page).fill(bob.next(phone));
  // The new process knows of no login that this browser began.
  await page.locator('[data-test=because]', { hasText: 'not-begun-here' }).waitFor();
  await page.getByRole('link', { name: 'Begin again' }).click();
  await signIn();
  await codeField(page).fill(bob.next(phone));
  await bob.isIn(name);
});

test('in the web view of an app, in Chinese: no storage, no clipboard, no camera; enrolled by the key', {
  skip,
}, async (t) => {
  const { stage } = house;
  const { bench } = stage;
  const name = stage.people.take('user');
  const before = await bench.asRoot('GET /v1/policy');
  const policy = { scope: 'specific', users: [name], groups: [], graceDays: 0 };
  const set = await bench.asRoot('PUT /v1/policy', policy, { 'If-Match': String(before.headers.etag) });
  says(set, 200);
  const agent =
    'Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Chrome/130.0 Mobile Safari/537.36';
  const bob = await stage.visitor(t, { ...PHONE, locale: 'zh-CN', userAgent: agent, colorScheme: 'dark' });
  const { page } = bob;
  await bob.context.addInitScript(`
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });
  `);
  await bob.password(name);
  await page.getByText('管理员要求此帐户使用双重验证').waitFor();
  await bob.looks('second-step-enrol-begin-zh-dark-360');
  await page.getByRole('button', { name: '开始', exact: true }).click();
  await page.locator('.qr').waitFor();
  await page.getByRole('button', { name: '复制: 密钥' }).click();
  await page.getByText('已复制').first().waitFor();
  await page.evaluate(`document.addEventListener('paste', (event) => {
    window.pasted = event.clipboardData.getData('text');
  })`);
  await page.keyboard.press('Control+V');
  const secret = (await bob.reads('secret')).replaceAll(' ', '');
  assert.equal(await page.evaluate('window.pasted'), secret);
  await codeField(page).fill(oathtool(secret, bench.now + 3 * 60 * 60_000));
  await page.getByRole('alert').waitFor();
  await bob.looks('second-step-enrol-wrong-zh-dark-360');
  await codeField(page).fill(oathtool(secret, bench.now));
  await page.locator('[data-test=recovery-codes] li').nth(9).waitFor();
  await bob.looks('second-step-codes-zh-dark-360');
  await page.getByRole('button', { name: '我已保存恢复码，继续登录' }).click();
  await bob.isIn(name);
  const now = await bench.asRoot('GET /v1/policy');
  const none = { scope: 'none', graceDays: 0 };
  says(await bench.asRoot('PUT /v1/policy', none, { 'If-Match': String(now.headers.etag) }), 200);
});

test('the manual: both languages and themes, at 360 px, and each entry leads to the other language', {
  skip,
}, async (t) => {
  const { stage } = house;
  const reader = await stage.visitor(t, PHONE);
  const { page } = reader;
  await page.goto(`${stage.url}troubleshooting#used-code`);
  await page.locator('h3#used-code:target').waitFor();
  await reader.looks('manual-en-360');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByRole('link', { name: '简体中文: used-code' }).click();
  await page.locator('html[lang=zh-CN] h3#used-code:target').waitFor();
  await reader.looks('manual-zh-dark-360');
  await page.getByRole('link', { name: 'English', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Troubleshooting' }).waitFor();
});
