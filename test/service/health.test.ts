// Owns the proof that the daemon's health is told in every state, broken ones above all.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { check } from '../../daemon/clock/measure.ts';
import { DAY, instant, later } from '../../daemon/kernel/instant.ts';
import { health, isUp } from '../../daemon/service/health.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import { status } from '../../daemon/wire/admin.ts';
import { policy } from '../policy/rules.ts';
import { enrolled, NOW } from '../store/board.ts';
import { limitFileSize, withoutPrlimit } from '../store/system.ts';
import { makeHouse } from './house.ts';

const codes = (parts: Parts) => health(parts).warnings.map(({ code }) => code);

test("a new board is healthy, and the document is the contract's", async (t) => {
  const { parts } = await makeHouse(t);
  const told = health(parts);
  assert.deepEqual(v.parse(status, told), told);
  assert.deepEqual(told, {
    state: 'healthy',
    line: '0 of 0 users enrolled',
    version: '1.2.3',
    clock: {
      state: 'unsynchronised',
      offsetSeconds: null,
      boundSeconds: null,
      serversAgreeing: 0,
      servers: 4,
    },
    users: { known: 0, enrolled: 0, required: 0, notReady: 0 },
    mail: { configured: false, working: false, queued: 0 },
    store: { writable: true, schema: 5 },
    warnings: [],
  });
  assert.equal(isUp(parts), true);
});

test('users are counted: known, enrolled, required, and who could not get back in', async (t) => {
  const { parts, clock } = await makeHouse(t);
  const { state } = parts;
  const [ready, passed] = [await enrolled(state, 'ready', 1), await enrolled(state, 'passed', 2)];
  await enrolled(state, 'stuck', 3);
  await state.write((tables) => {
    tables.users.add('bare', 4);
    tables.recoveryCodes.replace(ready, 'code', [Buffer.alloc(32)], NOW, null);
    tables.recoveryCodes.replace(passed, 'pass', [Buffer.alloc(32)], NOW, later(NOW, DAY));
    tables.policies.put(policy(2, { scope: 'all' }), NOW);
  });
  assert.deepEqual(health(parts).users, { known: 4, enrolled: 3, required: 4, notReady: 1 });
  assert.equal(
    health(parts).line,
    '3 of 4 users enrolled, 1 could not get back in without their phone, 2 warnings',
  );
  assert.deepEqual(
    [health(parts).state, ...codes(parts)],
    ['degraded', 'mail-not-configured', 'users-not-ready'],
  );
  assert.match(health(parts).warnings.at(-1)?.text ?? '', /^stuck could not get back in/);
  clock.now = later(NOW, DAY);
  assert.equal(health(parts).users.notReady, 2, 'a pass that is over brings nobody back in');
});

test('a clock below the floor is "wrong"; one that nobody asked about yet is no warning, one asked about in vain is', async (t) => {
  const { parts, clock } = await makeHouse(t);
  const told = () => [health(parts).clock.state, health(parts).state, ...codes(parts)];
  assert.deepEqual(told(), ['unsynchronised', 'healthy']);
  await check(parts.timekeeping);
  assert.deepEqual(told(), ['unsynchronised', 'degraded', 'clock-unsynchronised']);
  clock.now = instant(0);
  assert.deepEqual(told(), ['wrong', 'degraded', 'clock-below-floor']);
  assert.equal(isUp(parts), true);
});

test('servers that agree on what cannot be are an alarm', async (t) => {
  const { parts, clock, helper, board } = await makeHouse(t);
  const epoch = clock.now - board.time.elapsed - 10_000 * DAY;
  const exchanges = [1, 2, 3, 4].map((i) => {
    return { outcome: 'time', address: `127.0.0.${i}`, epoch, delay: 1, bound: 1, stratum: 1 };
  });
  helper.answer = () => ({ exchanges, kernel: null, keeper: 'none' });
  await check(parts.timekeeping);
  assert.deepEqual([health(parts).clock.state, ...codes(parts)], ['wrong', 'clock-alarm']);
});

test('what shuts the door is told as down, with its reason and the way on', async (t) => {
  const first = await makeHouse(t);
  await enrolled(first.parts.state, 'alice', 1000);
  first.parts.state.close();
  rmSync(first.board.places.database);
  const { parts } = await makeHouse(t, first.board);
  assert.equal(isUp(parts), false);
  const told = health(parts);
  assert.deepEqual(v.parse(status, told), told);
  assert.equal(told.state, 'down');
  assert.match(told.line, /state-lost/);
  assert.deepEqual(told.store, { writable: false, schema: 0 });
  assert.deepEqual(
    told.warnings.map(({ code, severity }) => [code, severity]),
    [['state-lost', 'critical']],
  );
  for (const { text, hint } of told.warnings) assert.ok(text && hint);
});

test('a roster that cannot be written, and one that was tampered with, are told', async (t) => {
  const first = await makeHouse(t);
  const { roster } = first.board.places;
  await enrolled(first.parts.state, 'alice', 1000);
  first.parts.state.close();
  writeFileSync(roster, 'fygo-2fa roster 1\n1000 1 alice\nmac x\n');
  mkdirSync(`${roster}.new`);
  const unwritable = await makeHouse(t, first.board);
  assert.deepEqual(codes(unwritable.parts), ['roster-unwritable', 'roster-invalid', 'users-not-ready']);
  assert.equal(
    health(unwritable.parts).line,
    '1 of 1 users enrolled, 1 could not get back in without their phone, 3 warnings',
  );
  unwritable.parts.state.close();
  rmSync(`${roster}.new`, { recursive: true });
  const { parts } = await makeHouse(t, first.board);
  assert.deepEqual(codes(parts), ['roster-invalid', 'users-not-ready']);
  assert.match(health(parts).line, /, 2 warnings$/);
  rmSync(`${roster}.broken`);
  assert.deepEqual(codes(parts), ['users-not-ready']);
});

test('a change that did not reach the medium is told until one does', {
  skip: withoutPrlimit(),
}, async (t) => {
  const { parts } = await makeHouse(t);
  const { state } = parts;
  const fill = () =>
    state.write((tables) => {
      const row = { at: NOW, service: null, address: null, outcome: 'x', because: null };
      for (let n = 0; n < 300; n++) tables.audit.add({ ...row, user: 'x'.repeat(2_000) });
    });
  const restore = limitFileSize(150_000);
  try {
    await assert.rejects(fill(), { code: 'store-unavailable' });
  } finally {
    restore();
  }
  assert.deepEqual(codes(parts), ['store-unwritable']);
  assert.equal(health(parts).store.writable, false);
  assert.equal(isUp(parts), true, 'reading goes on');
  await fill();
  assert.deepEqual(codes(parts), []);
});
