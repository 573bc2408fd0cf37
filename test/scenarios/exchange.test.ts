// Owns the proof that a restore and a change of the key, killed before any of their steps, leave the old state or the new one.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import type { Phone } from './phone.ts';
import { PROGRAM } from './program.ts';
import { killAt } from './strace.ts';

const skip = lacking('strace');
/** How many calls lie between two moments; with FYGO_FAULTS=all every moment is tried. */
const CALLS = { rename: 1, unlink: 9, fsync: 12, pwrite64: 120 };
const all = process.env.FYGO_FAULTS === 'all';

/** One run, killed before its `nth` `call`. False when it made fewer and came to its end. */
function cut(bench: Bench, words: readonly string[], call: string, nth: number): Promise<boolean> {
  const strace = ['-D', '-f', '-o', '/dev/null', ...killAt(call, nth)];
  const line = [...strace, ...PROGRAM, ...words, '--root', bench.root, '--json'];
  const env = { PATH: process.env.PATH, TZ: 'UTC' };
  return new Promise((resolve, reject) => {
    execFile('strace', line, { env }, (error, out, err) => {
      if (!error) resolve(false);
      else if (error.signal === 'SIGKILL' || error.code === 137) resolve(true);
      else reject(new Error(`${words[0]} failed by itself: ${out}${err}`));
    });
  });
}

interface Prepared {
  readonly bench: Bench;
  readonly alice: Phone;
  /** Puts the board back as it was, stopped. */
  reset(): void;
}

async function prepared(bench: Bench, also: () => Promise<void>): Promise<Prepared> {
  const alice = await bench.enrolled('alice');
  await also();
  await bench.stop();
  const kept = bench.file('kept');
  for (const folder of ['var', 'etc']) cpSync(bench.file(folder), `${kept}-${folder}`, { recursive: true });
  return {
    bench,
    alice,
    reset() {
      for (const folder of ['var', 'etc']) {
        rmSync(bench.file(folder), { recursive: true });
        cpSync(`${kept}-${folder}`, bench.file(folder), { recursive: true });
      }
    },
  };
}

/** Cuts it at one moment after the other, and looks at what is there after the next start. */
async function everyMoment(
  { bench, reset }: Prepared,
  words: readonly string[],
  look: () => Promise<'old' | 'new'>,
): Promise<Record<string, number>> {
  const met = { moments: 0, old: 0, new: 0 };
  for (const [call, apart] of Object.entries(CALLS)) {
    for (let nth = 1; ; nth += all ? 1 : apart) {
      reset();
      if (!(await cut(bench, words, call, nth))) break;
      await bench.start();
      assert.deepEqual(await bench.troubles(), [], `${call} ${nth}`);
      assert.ok(!existsSync(bench.file('var', 'next')), `${call} ${nth}`);
      met.moments++;
      met[await look()]++;
      await bench.kill();
    }
  }
  return met;
}

test('a restore that is killed at any moment leaves the old state or the new one', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const file = bench.file('saved.backup');
  writeFileSync(bench.file('passphrase'), 'correct horse battery staple\n');
  const words = ['--passphrase-file', bench.file('passphrase')];
  const board = await prepared(bench, async () => {
    assert.equal((await bench.cli(['backup', file, ...words])).code, 0);
    await bench.enrolled('bob');
  });
  const met = await everyMoment(board, ['restore', file, ...words], async () => {
    const { body } = await bench.begin('alice');
    const bob = await bench.begin('bob');
    if (body.form === 'single') {
      says(bob, 401, { outcome: 'challenge' });
      says(await bench.tries('alice', board.alice.code(bench.now)), 200);
      return 'old';
    }
    assert.equal(body.form, 'pair');
    says(bob, 403, { because: 'state-lost' });
    return 'new';
  });
  assert.ok((met.old ?? 0) > 1 && (met.new ?? 0) > 0, JSON.stringify(met));
  t.diagnostic(JSON.stringify(met));
});

test('a change of the key that is killed at any moment leaves a state that is readable', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const board = await prepared(bench, async () => {});
  const path = bench.file('var', 'key', 'master.key');
  const key = readFileSync(path, 'utf8');
  const met = await everyMoment(board, ['key', 'rotate'], async () => {
    says(await bench.tries('alice', board.alice.code(bench.now)), 200);
    says(await bench.recovers('alice', board.alice.recoveryCodes[0] ?? ''), 200);
    return readFileSync(path, 'utf8') === key ? 'old' : 'new';
  });
  assert.ok((met.old ?? 0) > 1 && (met.new ?? 0) > 0, JSON.stringify(met));
  t.diagnostic(JSON.stringify(met));
});
