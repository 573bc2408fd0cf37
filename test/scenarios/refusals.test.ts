// Owns the proof that every refusal of the contract can be met at the door: none is dead, none is made up.

import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import {
  DENIALS,
  type Denial,
  EXPLANATIONS,
  type ExplanationCode,
  REFUSALS,
  type RefusalCode,
} from '../../daemon/wire/login.ts';
import { Bench, lacking, MINUTES } from './bench.ts';
import { type Reply, says } from './client.ts';
import { Mailbox } from './mailbox.ts';

const skip = lacking();
const DEAD_CLOCK = Date.UTC(2020, 0, 1);

type Way = (bench: Bench) => Promise<Reply>;

const DENIED: Readonly<Record<Denial, Way>> = {
  'unknown-user': (bench) => bench.begin('nobody-here'),
  'identity-changed': (bench) => bench.begin('bob', { uid: 4242 }),
  'state-lost': async (bench) => {
    await bench.enrolled('alice');
    await bench.stop();
    rmSync(bench.file('var', 'backups'), { recursive: true, force: true });
    rmSync(bench.file('var', 'state.db'));
    await bench.start();
    return bench.begin('alice');
  },
  'key-missing': async (bench) => {
    await bench.stop();
    renameSync(bench.file('var', 'key', 'master.key'), bench.file('key.elsewhere'));
    await bench.start();
    return bench.begin('bob');
  },
  'store-unavailable': async (bench) => {
    await bench.stop();
    rmSync(bench.file('var', 'backups'), { recursive: true, force: true });
    writeFileSync(bench.file('var', 'state.db'), 'this is not a database\n'.repeat(400));
    await bench.start();
    return bench.begin('bob');
  },
  'directory-unavailable': async (bench) => {
    writeFileSync(bench.file('etc', 'passwd'), 'torn line\n');
    return bench.begin('bob');
  },
  'recent-reset': async (bench) => {
    const mailbox = new Mailbox();
    await mailbox.start();
    try {
      await mailbox.serves(bench);
      await mailbox.belongsTo(bench, 'bob', 'bob@example.com');
      const { body } = await bench.reset('begin', { user: 'bob' });
      says(await bench.reset('redeem', { ...body, user: 'bob', code: await mailbox.code() }), 201);
    } finally {
      await mailbox.stop();
    }
    await everybodyHasTo(bench);
    return bench.begin('bob');
  },
};

const REFUSED: Readonly<Record<RefusalCode, Way>> = {
  'wrong-code': async (bench) => {
    await bench.enrolled('alice');
    return bench.recovers('alice', 'AAAA-AAAA-AAAA-AAAA');
  },
  'used-code': async (bench) =>
    bench.tries('alice', (await bench.enrolled('alice')).code(bench.now - 30_000)),
  'expired-code': async (bench) => {
    await bench.enrolled('alice');
    const login = await bench.challenged('alice');
    return bench.login('answer', { login, user: 'alice', method: 'emergency-code', code: 'ABCD1234' });
  },
  'form-required': async (bench) => {
    const phone = await bench.enrolled('alice');
    await prepared(bench, 'UPDATE factor SET pair_first = 1');
    return bench.tries('alice', phone.code(bench.now));
  },
  'login-changed': async (bench) => {
    const phone = await bench.enrolled('alice');
    const login = await bench.challenged('alice');
    await everybodyHasTo(bench);
    const code = phone.code(bench.now);
    return bench.login('answer', { login, user: 'alice', method: 'totp', code });
  },
  'totp-suspended': async (bench) => {
    const phone = await bench.enrolled('alice');
    await prepared(bench, 'UPDATE factor SET strangers_failures = 100');
    return bench.tries('alice', phone.code(bench.now));
  },
  'clock-unsure': onADeadClock,
};

const EXPLAINED: Readonly<Record<ExplanationCode, Way>> = {
  'phone-slow': async (bench) => {
    const phone = await bench.enrolled('alice');
    return bench.tries('alice', phone.code(bench.now - 10 * MINUTES));
  },
  'phone-fast': async (bench) => {
    const phone = await bench.enrolled('alice');
    return bench.tries('alice', phone.code(bench.now + 5 * MINUTES));
  },
  'just-enrolled': REFUSED['used-code'],
  'board-clock': onADeadClock,
};

async function everybodyHasTo(bench: Bench): Promise<void> {
  const all = { scope: 'all', graceDays: 0, force: true };
  says(await bench.asRoot('PUT /v1/policy', all, { 'If-Match': '"1"' }), 200);
}

async function onADeadClock(bench: Bench): Promise<Reply> {
  const phone = await bench.enrolled('alice');
  const now = bench.now;
  bench.setClock(DEAD_CLOCK);
  const [one, two, three] = [phone.wrong(now), phone.code(now), phone.wrong(now)];
  return bench.tries('alice', `${one} ${two} ${three}`);
}

/** The database as years of use might have left it. */
async function prepared(bench: Bench, sql: string): Promise<void> {
  await bench.stop();
  const db = new DatabaseSync(bench.file('var', 'state.db'));
  db.exec(sql);
  db.close();
  await bench.start();
}

function everyWay<Word extends string>(
  words: readonly Word[],
  ways: Readonly<Record<Word, Way>>,
  outcome: string,
  said: (reply: Reply) => unknown,
): void {
  for (const word of words) {
    const way = ways[word];
    test(`${outcome}: ${word}`, { skip }, async (t) => {
      const reply = await way(await Bench.started(t));
      says(reply, 403, { outcome });
      assert.equal(said(reply), word);
    });
  }
}

everyWay(DENIALS, DENIED, 'deny', ({ body }) => body.because);
everyWay(REFUSALS, REFUSED, 'refused', ({ body }) => body.because);
everyWay(EXPLANATIONS, EXPLAINED, 'refused', ({ body }) => body.explanation?.code);
