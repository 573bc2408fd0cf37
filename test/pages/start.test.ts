// Owns the proof that `npm start` is a whole demonstration: it prints an address, lets alice in there, and leaves nothing behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { chromium } from 'playwright-core';
import { buildPages, ROOT } from './built.ts';
import { CHROMIUM, noStage } from './stage.ts';
import { codeField, oathtool } from './visitor.ts';

const skip = noStage();

interface Demonstration {
  /** What it printed. */
  readonly said: string;
  /** Ctrl-C in its terminal; resolves when nobody holds the terminal any more. */
  readonly interrupt: () => Promise<void>;
  /** Is any process of it left? */
  readonly lives: () => boolean;
}

/** Starts it as a person does, in a folder of its own; resolves when it has explained itself. */
async function npmStart(t: TestContext, folder: string): Promise<Demonstration> {
  // A process group of its own, as a terminal gives it one.
  const child = spawn('npm', ['start', '--', folder], { cwd: ROOT, detached: true });
  const group = -(child.pid ?? 0);
  const ended = once(child, 'close');
  const lives = () => {
    try {
      return process.kill(group, 0);
    } catch {
      return false;
    }
  };
  t.after(async () => {
    if (lives()) process.kill(group, 'SIGTERM');
    await ended;
  });
  let said = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hear = (text: string) => {
    said += text;
    if (said.includes('Stop: Ctrl-C')) resolve();
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  child.once('close', () => reject(new Error(said)));
  await promise;
  const interrupt = async () => {
    process.kill(group, 'SIGINT');
    await ended;
  };
  return { said, interrupt, lives };
}

const found = (pattern: RegExp, text: string) =>
  pattern.exec(text)?.[1] ?? assert.fail(`no ${pattern}: ${text}`);

test('npm start: the printed address, a login with the printed key, Ctrl-C, and a second start', {
  skip,
  timeout: 300_000,
}, async (t) => {
  buildPages();
  const folder = mkdtempSync(join(tmpdir(), 'fygo-start-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'etc'));
  // Servers that cannot be asked: a test speaks to nobody beyond loopback.
  const nobody = [1, 2, 3, 4].map((port) => `"[::1]:${port}"`).join(', ');
  writeFileSync(join(folder, 'etc/config.toml'), `[clock]\nservers = [${nobody}]\n`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.after(() => browser.close());

  const first = await npmStart(t, folder);
  const page = await browser.newPage();
  const address = found(/In a browser: (http:\/\/127\.0\.0\.1:\d+\/)/, first.said);
  await page.goto(address);
  await page.getByText('It is not the product').waitFor();
  await page.getByLabel('Name').fill('alice');
  await page.getByLabel('Password').fill('alice');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await codeField(page).fill(oathtool(found(/key {6,}([A-Z2-7 ]+)/, first.said), Date.now()));
  await page.locator('[data-test=user]', { hasText: 'alice' }).waitFor();
  await page.goto(`${address}system`);
  await page.getByText('Users known').waitFor();
  await first.interrupt();
  assert.ok(!first.lives(), 'no process is left');
  assert.ok(!existsSync(join(folder, 'run/login.sock')), 'no socket is left');

  // Started again, alice keeps her phone.
  const second = await npmStart(t, folder);
  assert.equal(found(/key {6,}([A-Z2-7 ]+)/, second.said), found(/key {6,}([A-Z2-7 ]+)/, first.said));
  await second.interrupt();
  assert.ok(!second.lives());
});
