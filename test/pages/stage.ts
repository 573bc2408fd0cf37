// Owns the stage of the page tests: a real daemon, the preview's gateway before it, and Debian's Chromium.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, type TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { Gateway } from '../../scripts/preview/gateway.ts';
import { Mailbox } from '../../scripts/preview/mailbox.ts';
import { Bench, type Ending, lacking } from '../scenarios/bench.ts';
import { buildPages } from './built.ts';
import { People } from './people.ts';
import { ARTIFACTS, Visitor } from './visitor.ts';

export const CHROMIUM = '/usr/bin/chromium';

export const PHONE_SIZE = { width: 360, height: 740 };
export const PHONE = { viewport: PHONE_SIZE, isMobile: true, hasTouch: true } as const;

/** Why the page tests cannot run here; `false` where they can. */
export function noStage(...tools: readonly string[]): string | false {
  return lacking('chromium', 'oathtool', ...tools);
}

/** What the tests of a file share: they come one after the other, each with people of its own. */
export interface Theatre {
  readonly stage: Stage;
  /** A stage of a test's own, where it changes what others rely on. `config`: lines of config.toml. */
  readonly own: (t: TestContext, config?: string) => Promise<Stage>;
}

/** Opens the stage of a test file before its tests and clears it away behind them. */
export function theatre(skip: string | false, plan: { readonly shared?: boolean } = {}): Theatre {
  let scenery: Scenery | undefined;
  let stage: Stage | undefined;
  const ends: (() => unknown)[] = [];
  before(async () => {
    if (skip) return;
    buildPages();
    mkdirSync(ARTIFACTS, { recursive: true });
    // Chromium's own sandbox needs more than a container of a build machine gives.
    const args = ['--no-sandbox', '--disable-dev-shm-usage'];
    scenery = { browser: await chromium.launch({ executablePath: CHROMIUM, args }), complaints: [] };
    const ending = { after: (end: () => unknown) => ends.push(end) } as unknown as Ending;
    if (plan.shared !== false) stage = await Stage.open(ending, scenery);
  });
  afterEach(() => {
    assert.deepEqual(scenery?.complaints.splice(0) ?? [], [], 'what pages complained of');
  });
  after(async () => {
    for (const end of ends.reverse()) await end();
    await scenery?.browser.close();
  });
  return {
    get stage() {
      return stage ?? assert.fail('no stage was opened');
    },
    own: (t, config) => Stage.open(t, scenery ?? assert.fail('no browser'), config),
  };
}

/** What the stages of a file have in common. */
interface Scenery {
  readonly browser: Browser;
  readonly complaints: string[];
}

export class Stage {
  readonly bench: Bench;
  readonly gateway: Gateway;
  readonly people: People;
  /** Where visitors go; another gateway may stand before the preview's. */
  url: string;
  readonly #browser: Browser;
  /** What pages complained of: a page that breaks its own policy is broken. */
  readonly complaints: string[];

  private constructor(
    bench: Bench,
    gateway: Gateway,
    people: People,
    url: string,
    { browser, complaints }: Scenery,
  ) {
    this.complaints = complaints;
    this.bench = bench;
    this.gateway = gateway;
    this.people = people;
    this.url = url;
    this.#browser = browser;
  }

  /** @param config lines of config.toml in place of servers that cannot be asked */
  static async open(ending: Ending, scenery: Scenery, config?: string): Promise<Stage> {
    const bench = Bench.idle(ending);
    const people = new People();
    people.settle(bench);
    if (config !== undefined) writeFileSync(bench.file('etc', 'config.toml'), config);
    await bench.start();
    const mailbox = await Mailbox.open();
    const run = bench.file('run');
    const gateway = new Gateway({ run, people: people.all, now: () => bench.now, port: 0, mailbox });
    const url = await gateway.open();
    ending.after(async () => {
      await gateway.close();
      await mailbox.close();
    });
    return new Stage(bench, gateway, people, url, scenery);
  }

  /** A browser of somebody: own cookies, own storage; it goes with the test. */
  async visitor(t: TestContext, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await this.#browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
    // A busy machine is slow, and nothing is waited for that does not come.
    context.setDefaultTimeout(30_000);
    const visitor = new Visitor(this, context, await context.newPage());
    t.after(async () => {
      if ((t as { passed?: boolean }).passed === false) await visitor.keepsPicture('failed');
      await context.close();
    });
    return visitor;
  }

  /** Lets the daemon send its mail to the mailbox of the stage. */
  async mail(): Promise<void> {
    const { headers } = await this.bench.asRoot('GET /v1/mail');
    const server = { host: '127.0.0.1', port: this.gateway.mailbox.port, security: 'plain', user: null };
    const wanted = { provider: 'smtp', from: 'nas@example.com', ...server };
    const reply = await this.bench.asRoot('PUT /v1/mail', wanted, { 'If-Match': String(headers.etag) });
    assert.equal(reply.status, 200);
  }

  /** The code in the newest letter with such a subject. */
  async mailedCode(subject: RegExp): Promise<string> {
    const { mailbox } = this.gateway;
    const { text } = await mailbox.letter((letter) => subject.test(letter.subject));
    const [code] = /\b[0-9A-HJKMNP-TV-Z]{4}[ -]?[0-9A-HJKMNP-TV-Z]{4}\b/.exec(text) ?? [];
    mailbox.letters.length = 0;
    return code ?? assert.fail(`no code in: ${text}`);
  }
}
