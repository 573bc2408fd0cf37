// Owns the stage of the page tests: a real daemon, the preview's gateway before it, and Debian's Chromium.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { Gateway, type Person } from '../../scripts/preview/gateway.ts';
import { Mailbox } from '../../scripts/preview/mailbox.ts';
import { Bench, lacking } from '../scenarios/bench.ts';

const ROOT = join(import.meta.dirname, '../..');
const ARTIFACTS = join(ROOT, 'artifacts/pages');
const CHROMIUM = '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE_SIZE = { width: 360, height: 740 };

/** Why the page tests cannot run here; `false` where they can. */
export function noStage(...tools: readonly string[]): string | false {
  return lacking('chromium', 'oathtool', ...tools);
}

/** Builds the pages once for a test file. */
export function buildPages(): void {
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build-pages.ts')], { encoding: 'utf8' });
  assert.equal(built.status, 0, built.stderr);
  mkdirSync(ARTIFACTS, { recursive: true });
}

export function launch(): Promise<Browser> {
  // Chromium's own sandbox needs more than a container of a build machine gives.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A person of the stage; all of them are known to the board of the scenarios. */
const PEOPLE = (): Person[] => [
  { name: 'alice', password: 'wonderland', administrator: true },
  { name: 'bob', password: 'builder', administrator: false },
];

export class Stage {
  readonly bench: Bench;
  readonly gateway: Gateway;
  /** Where visitors go; another gateway may stand before the preview's. */
  url: string;
  readonly #browser: Browser;
  readonly #t: TestContext;
  /** What pages complained of: a page that breaks its own policy is broken. */
  readonly complaints: string[] = [];

  private constructor(t: TestContext, bench: Bench, gateway: Gateway, url: string, browser: Browser) {
    this.#t = t;
    this.bench = bench;
    this.gateway = gateway;
    this.url = url;
    this.#browser = browser;
  }

  /** @param config lines of config.toml in place of servers that cannot be asked */
  static async open(t: TestContext, browser: Browser, config?: string): Promise<Stage> {
    const bench = Bench.idle(t);
    if (config !== undefined) writeFileSync(bench.file('etc', 'config.toml'), config);
    await bench.start();
    const mailbox = await Mailbox.open();
    const gateway = new Gateway({
      run: bench.file('run'),
      people: PEOPLE(),
      now: () => bench.now,
      port: 0,
      mailbox,
    });
    const url = await gateway.open();
    t.after(async () => {
      await gateway.close();
      await mailbox.close();
    });
    return new Stage(t, bench, gateway, url, browser);
  }

  /** A browser of somebody: own cookies, own storage. */
  async visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await this.#browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
    // A busy machine is slow, and nothing is waited for that does not come.
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    this.#t.after(async () => {
      // What the person saw when it went wrong.
      if ((this.#t as { passed?: boolean }).passed === false)
        await page.screenshot({ path: join(ARTIFACTS, 'failed.png'), fullPage: true });
      await context.close();
    });
    return new Visitor(this, context, page);
  }
}

export class Visitor {
  readonly stage: Stage;
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(stage: Stage, context: BrowserContext, page: Page) {
    this.stage = stage;
    this.context = context;
    this.page = page;
    page.on('console', (message) => {
      // A refused code is a 403, which the browser reports by itself.
      if (message.type() === 'error' && !/status of 4\d\d|status of 50[23]/.test(message.text())) {
        stage.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => stage.complaints.push(error.message));
  }

  /** The password, as the login form of the gateway asks for it. */
  async password(user: string, password: string): Promise<void> {
    await this.page.goto(this.stage.url);
    await this.page.getByLabel('Name').fill(user);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Types digits into the field that has the focus, as a person would. */
  async types(code: string): Promise<void> {
    await this.page.locator('input:focus').waitFor();
    await this.page.keyboard.type(code);
  }

  /** Presses Tab until the element has the focus. */
  async tabsTo(element: Locator): Promise<void> {
    const focused = this.page.locator(':focus');
    for (let n = 0; n < 40; n++) {
      await this.page.keyboard.press('Tab');
      if ((await element.and(focused).count()) > 0) return;
    }
    assert.fail('the keyboard does not get there');
  }

  async isIn(user: string): Promise<void> {
    await this.page.locator('[data-test=user]', { hasText: user }).waitFor();
  }

  /** Keeps a picture of the page, and lets axe look at it (WCAG 2.2 AA). */
  async looks(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true });
    const width = (await this.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    assert.ok(width <= 0, `${name}: ${width}px wider than the window`);
    await this.page.evaluate(AXE);
    const found = (await this.page.evaluate(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    )) as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
    const said = found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
    );
    assert.deepEqual(said, [], `${name}: what axe finds`);
  }
}

/** What an app shows for a secret at a moment, by an implementation that is not ours. */
export function oathtool(secret: string, at: number): string {
  const now = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const args = ['--totp', '--base32', `--now=${now} UTC`, secret.replaceAll(/\s/g, '')];
  const { stdout, status, stderr } = spawnSync('oathtool', args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

export function decodeQr(name: string): string {
  const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', join(ARTIFACTS, `${name}.png`)], {
    encoding: 'utf8',
  });
  return stdout.trim();
}
