// Owns a visitor of the stage: a browser of somebody's own, what they do in it, and how a page is looked at.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { Phone } from '../scenarios/phone.ts';
import { ROOT } from './built.ts';
import type { Stage } from './stage.ts';

export const ARTIFACTS = join(ROOT, 'artifacts/pages');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The field for one-time passwords, in either language. */
export const codeField = (page: Page) => page.getByLabel(/^(One-time password|一次性验证码)$/);

export class Visitor {
  readonly stage: Stage;
  readonly context: BrowserContext;
  readonly page: Page;

  constructor(stage: Stage, context: BrowserContext, page: Page) {
    this.stage = stage;
    this.context = context;
    this.page = page;
    page.on('console', (message) => {
      // A refused code is a 403, which the browser reports by itself; so is a network that a test took away.
      if (
        message.type() === 'error' &&
        !/status of 4\d\d|status of 50[23]|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/.test(
          message.text(),
        )
      ) {
        stage.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => stage.complaints.push(error.message));
  }

  /** The password, as the login form of the gateway asks for it. */
  async password(user: string, password = this.stage.people.password(user)): Promise<void> {
    await this.page.goto(this.stage.url);
    await this.page.getByLabel('Name').fill(user);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** What an app shows next: each code is new. */
  next(phone: Pick<Phone, 'secret'>): string {
    this.stage.bench.pass(30);
    return oathtool(phone.secret, this.stage.bench.now);
  }

  /** Password and code. */
  async signsIn(user: string, phone: Phone): Promise<void> {
    await this.password(user);
    await codeField(this.page).fill(this.next(phone));
    await this.isIn(user);
  }

  async signsOut(): Promise<void> {
    await this.page.goto(this.stage.url);
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.page.getByRole('button', { name: 'Sign in' }).waitFor();
  }

  /** Answers the question for a fresh second step. */
  async stepsUp(phone: Pick<Phone, 'secret'>): Promise<void> {
    await this.page.getByRole('heading', { name: /^(Confirm that it is you|确认是您本人)$/ }).waitFor();
    await this.types(this.next(phone));
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
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

  /** What stands in the marked place. */
  async reads(mark: string): Promise<string> {
    return ((await this.page.locator(`[data-test=${mark}]`).textContent()) ?? '').trim();
  }

  /**
   * The colours along the edge of an element, as it is drawn: within the quiet zone of a QR code. zbarimg makes out a
   * code on a dark ground, too; the cameras of many phones do not.
   */
  async edgeOf(element: Locator): Promise<string[]> {
    const png = (await element.screenshot()).toString('base64');
    return (await this.page.evaluate(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const { width, height } = image;
      const drawn = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
      drawn.drawImage(image, 0, 0);
      const inset = Math.round(width * 0.06);
      const seen = new Set();
      for (let at = inset; at < width - inset; at++) {
        for (const [x, y] of [[at, inset], [at, height - inset], [inset, at], [width - inset, at]]) {
          seen.add(drawn.getImageData(x, y, 1, 1).data.join());
        }
      }
      return [...seen];
    })()`)) as string[];
  }

  async keepsPicture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`), fullPage: true });
  }

  /** Keeps a picture of the page, and lets axe look at it (WCAG 2.2 AA). */
  async looks(name: string): Promise<void> {
    await this.keepsPicture(name);
    const width = (await this.page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
    assert.ok(width <= 0, `${name}: ${width}px wider than the window`);
    if ((await this.page.evaluate('typeof axe')) === 'undefined') await this.page.evaluate(AXE);
    const found = (await this.page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'], preload: false })`,
    )) as {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    };
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
