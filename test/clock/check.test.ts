// Owns the proof of one check of the clock as a whole: hostile helpers, servers that refuse, three days alone, root's word.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateSync } from 'otplib';
import * as v from 'valibot';
import { setAutomatic } from '../../daemon/clock/automatic.ts';
import { setClock } from '../../daemon/clock/correct.ts';
import { keepFloor } from '../../daemon/clock/keep-floor.ts';
import { check } from '../../daemon/clock/measure.ts';
import type { SetClockRole } from '../../daemon/clock/roles.ts';
import { showClock } from '../../daemon/clock/show.ts';
import { systemClock } from '../../daemon/clock/system-clock.ts';
import { Timekeeping } from '../../daemon/clock/timekeeping.ts';
import { beginForRoot } from '../../daemon/enrolment/begin.ts';
import { confirmForRoot } from '../../daemon/enrolment/confirm-for-root.ts';
import { DAY, HOUR, later, MINUTE } from '../../daemon/kernel/instant.ts';
import { answer } from '../../daemon/login/answer.ts';
import { begin } from '../../daemon/login/begin.ts';
import { ROOT } from '../../daemon/service/actor.ts';
import { health } from '../../daemon/service/health.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import { clockDocument } from '../../daemon/wire/clock.ts';
import { makeHouse, person } from '../service/house.ts';

const time = (i: number, epoch: number) =>
  ({ outcome: 'time', address: `127.0.0.${i + 1}`, epoch, delay: 10, bound: 8, stratum: 2 }) as const;

/** A house whose wall clock is right, and a helper whose servers say that it is. */
async function house(t: TestContext, setClockRole?: SetClockRole) {
  const made = await makeHouse(t);
  const { board, clock, helper, nss } = made;
  nss.accounts = [person('alice', 1000)];
  const { timekeeping } = made.parts;
  const keeping = setClockRole
    ? new Timekeeping(timekeeping.clock, timekeeping.role, setClockRole, timekeeping.servers)
    : timekeeping;
  const parts: Parts = { ...made.parts, clock: keeping.clock, timekeeping: keeping };
  const asked: number[] = [];
  const epoch = () => clock.now - board.time.elapsed;
  const report = (...exchanges: object[]) => ({ exchanges, kernel: null, keeper: 'none' });
  const honest = () => report(...[0, 1, 2, 3].map((i) => time(i, epoch())));
  helper.answer = honest;
  const pass = (by: number) => {
    board.time.elapsed += by;
    clock.now = later(clock.now, by);
  };
  return { parts, keeping, helper, wall: clock, epoch, report, honest, pass, asked, time: board.time };
}

test('an honest helper: synchronised, and the documents are the contract’s', async (t) => {
  const { parts, keeping } = await house(t);
  await check(keeping);
  const shown = showClock(keeping, parts.state.floor());
  assert.deepEqual(v.parse(clockDocument, shown), shown);
  assert.deepEqual([shown.state, shown.quorum], ['synchronised', { agreeing: 4, needed: 3, servers: 4 }]);
  const { state, clock } = health(parts);
  assert.deepEqual([state, clock.serversAgreeing, clock.offsetSeconds], ['healthy', 4, 0]);
});

test('what a helper answers is hostile: anything that is no report is a check in vain', async (t) => {
  const { keeping, helper, report, epoch, honest } = await house(t);
  const good = [0, 1, 2, 3].map((i) => time(i, epoch()));
  const HOSTILE: readonly unknown[] = [
    null,
    'time',
    [],
    {},
    report(),
    report(...good, time(4, epoch())),
    report(...good.map((one) => ({ ...one, epoch: Number.NaN }))),
    report(...good.map((one) => ({ ...one, epoch: Number.POSITIVE_INFINITY }))),
    report(...good.map((one) => ({ ...one, epoch: 1e18 }))),
    report(...good.map((one) => ({ ...one, bound: -1 }))),
    report(...good.map((one) => ({ ...one, stratum: 0 }))),
    report(...good.map((one) => ({ ...one, address: '\u001b[31mx' }))),
    report(...good.map((one) => ({ ...one, extra: 1 }))),
    { ...report(...good), keeper: 'somebody' },
    { ...report(...good), kernel: { synchronised: 'yes' } },
    JSON.parse(`{"exchanges": [], "__proto__": {"quorum": 1}, "kernel": null, "keeper": "none"}`),
  ];
  for (const answer of HOSTILE) {
    helper.answer = () => answer;
    const { quorum, agreeing } = await check(keeping);
    assert.deepEqual([quorum, agreeing], [null, 0], JSON.stringify(answer));
    assert.equal(keeping.clock.standing().state, 'unsynchronised');
  }
  helper.answer = () => Promise.reject(new Error('the helper is gone'));
  assert.equal((await check(keeping)).quorum, null);
  helper.answer = honest;
  assert.notEqual((await check(keeping)).quorum, null);
});

test('four names of one address are no quorum', async (t) => {
  const { keeping, helper, report, epoch } = await house(t);
  helper.answer = () => report(...[0, 0, 0, 0].map((i) => time(i, epoch())));
  const { quorum, servers } = await check(keeping);
  assert.equal(quorum, null);
  assert.deepEqual(
    servers.map(({ verdict }) => verdict),
    ['agrees', 'same-as-another', 'same-as-another', 'same-as-another'],
  );
});

test('a server that sends a kiss-of-death is not asked for an hour; it still counts as configured', async (t) => {
  const { keeping, helper, report, epoch, pass } = await house(t);
  const kiss = { outcome: 'kiss', kiss: 'RATE', address: '127.0.0.1' };
  helper.answer = () => report(kiss, ...[1, 2, 3].map((i) => time(i, epoch())));
  assert.equal((await check(keeping)).quorum?.agreeing, 3);
  helper.answer = () => report(...[1, 2, 3].map((i) => time(i, epoch())));
  const resting = await check(keeping);
  assert.deepEqual([resting.servers[0]?.verdict, resting.quorum?.agreeing], ['resting', 3]);
  pass(HOUR);
  helper.answer = () => report(...[0, 1, 2, 3].map((i) => time(i, epoch())));
  assert.equal((await check(keeping)).agreeing, 4);
});

test('servers that rest make no quorum smaller: three of six are not more than half', async (t) => {
  const { keeping, helper, report, epoch } = await house(t);
  const servers = Array.from({ length: 6 }, (_, i) => ({ host: `127.0.0.${i + 1}`, port: 123 }));
  const six = new Timekeeping(keeping.clock, keeping.role, keeping.setClock, servers);
  const kiss = { outcome: 'kiss', kiss: 'DENY' };
  helper.answer = () => report(kiss, kiss, kiss, ...[3, 4, 5].map((i) => time(i, epoch())));
  assert.equal((await check(six)).quorum, null);
  helper.answer = () => report(...[3, 4, 5].map((i) => time(i, epoch())));
  const { quorum, agreeing } = await check(six);
  assert.deepEqual([quorum, agreeing], [null, 3]);
});

test('two checks at once are one', async (t) => {
  const { keeping, helper, honest } = await house(t);
  let asked = 0;
  helper.answer = () => {
    asked++;
    return honest();
  };
  await Promise.all([check(keeping), check(keeping), check(keeping)]);
  assert.equal(asked, 1);
});

test('all servers gone for 3 days: holdover with a growing bound, a code still lets in, degraded', async (t) => {
  const { parts, keeping, helper, wall, pass, time: real } = await house(t);
  await check(keeping);
  const truth = wall.now - real.elapsed;
  const { secret } = await beginForRoot(parts, 'alice');
  const code = () => generateSync({ secret, epoch: Math.floor((truth + real.elapsed) / 1000) });
  await confirmForRoot(parts, 'alice', code());
  helper.answer = () => null;
  // The wall clock is lost on the way, as on a board whose battery is dead.
  wall.now = later(wall.now, -10_000 * DAY);
  const bounds: number[] = [];
  for (let hour = 0; hour < 72; hour++) {
    pass(HOUR);
    await check(keeping);
    bounds.push(keeping.clock.standing().bound ?? 0);
    assert.equal(keeping.clock.now(), truth + real.elapsed);
  }
  assert.ok(bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? 0)));
  const { state, clock, warnings } = health(parts);
  assert.deepEqual([state, clock.state], ['degraded', 'holdover']);
  assert.ok(Math.abs((clock.boundSeconds ?? 0) - 25.928) < 0.01, `${clock.boundSeconds}`);
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['clock-holdover', 'clock-off'],
  );
  assert.equal(parts.clock.trust(), 'trusted', 'and codes are judged by it');
  const begun = await begin(parts, { user: 'alice', service: 'web' });
  assert.ok(begun.kind === 'challenge' && begun.form === 'single');
  const typed = { login: begun.login, user: 'alice', method: 'totp', code: code() } as const;
  assert.equal((await answer(parts, typed, 'pipeline')).kind, 'admission');
});

test('the kernel vouches: a code that fails is not put down to the clock', async (t) => {
  const { parts, keeping, helper, report, epoch } = await house(t);
  const gone = [0, 1, 2, 3].map(() => ({ outcome: 'no-answer' }));
  const kernel = { synchronised: true, maxError: 20, offset: 0, epoch: epoch() };
  helper.answer = () => ({ ...report(...gone), kernel });
  await check(keeping);
  assert.equal(parts.clock.trust(), 'plausible');
  helper.answer = () => ({ ...report(...gone), kernel: { ...kernel, epoch: epoch() + HOUR } });
  await check(keeping);
  assert.equal(parts.clock.trust(), 'unconfirmed', 'it speaks of another clock than ours');
});

test('the kernel vouches for another time: the quorum counts, and does not raise the floor', async (t) => {
  const { parts, keeping, helper, report, epoch } = await house(t);
  const before = parts.state.floor();
  const kernel = { synchronised: true, maxError: 20, offset: 0, epoch: epoch() };
  helper.answer = () => ({ ...report(...[0, 1, 2, 3].map((i) => time(i, epoch() + 365 * DAY))), kernel });
  await check(keeping);
  assert.equal(keeping.clock.standing().state, 'synchronised');
  assert.equal(keeping.clock.lowest(), null);
  await keepFloor(parts);
  assert.equal(parts.state.floor(), before);
});

const calls: number[] = [];
const recorded = (outcome: 'done' | 'not-permitted', time: { elapsed: number }, rtc = '/no/such/rtc') =>
  systemClock({
    calls: {
      setSystemClock: (at) => {
        calls.push(at);
        return outcome;
      },
      setRealTimeClock: (_, at) => {
        calls.push(at);
        return 'done';
      },
    },
    elapsed: () => time.elapsed,
    run: async (program, args) => {
      ran.push([program, ...args].join(' '));
      return { kind: 'exited', code: 0, output: Buffer.alloc(0) };
    },
    rtc,
  });
const ran: string[] = [];

test('clock set steps to the measured time, and writes the real-time clock', async (t) => {
  const time = { elapsed: 0 };
  const {
    parts,
    wall,
    epoch,
    helper,
    report,
    time: real,
  } = await house(t, recorded('done', time, '/dev/null'));
  time.elapsed = real.elapsed;
  const truth = epoch() + 90_000;
  helper.answer = () => report(...[0, 1, 2, 3].map((i) => ({ ...timeOf(i), epoch: truth })));
  calls.length = 0;
  const set = await setClock(parts, null, ROOT);
  assert.deepEqual(set, { movedSeconds: 90, rtc: 'written' });
  assert.deepEqual(calls, [truth + real.elapsed, truth + real.elapsed]);
  assert.equal(calls[0], wall.now + 90_000);
});

const timeOf = (i: number) => time(i, 0);

test('without a quorum, or under an alarm, the clock is not set, except by an offset that root spells out', async (t) => {
  const real = { elapsed: 0 };
  const {
    parts,
    wall,
    helper,
    report,
    epoch,
    keeping,
    honest,
    time: board,
    pass,
  } = await house(t, recorded('done', real));
  calls.length = 0;
  helper.answer = () =>
    report(time(0, epoch()), time(1, epoch()), { outcome: 'no-answer' }, { outcome: 'no-answer' });
  await assert.rejects(setClock(parts, null, ROOT), { code: 'clock-no-quorum' });
  helper.answer = honest;
  await check(keeping);
  pass(MINUTE);
  helper.answer = () => report(...[0, 1, 2, 3].map((i) => time(i, epoch() - DAY)));
  await assert.rejects(setClock(parts, null, ROOT), { code: 'clock-no-quorum' });
  assert.deepEqual(calls, []);
  real.elapsed = board.elapsed;
  assert.deepEqual(await setClock(parts, -12.5, ROOT), { movedSeconds: -12.5, rtc: 'absent' });
  assert.deepEqual(calls, [wall.now - 12_500]);
  const audited = parts.state.read((tables) =>
    tables.audit.rows({ limit: 1, user: undefined, since: undefined, before: undefined }),
  );
  assert.equal(audited[0]?.because, 'forced=-12.500s');
});

test('a system that does not let the clock be set is told, and so is a helper that answers nonsense', async (t) => {
  const refused = await house(t, recorded('not-permitted', { elapsed: 0 }));
  await assert.rejects(setClock(refused.parts, null, ROOT), { code: 'clock-not-set', message: /may not/ });
  const nonsense = { set: async () => ({ outcome: 'yes' }), automatic: async () => 7 };
  const odd = await house(t, nonsense);
  await assert.rejects(setClock(odd.parts, null, ROOT), { code: 'clock-not-set' });
  await assert.rejects(setAutomatic(odd.parts, true, ROOT), { code: 'clock-not-set' });
});

test('automatic time goes through timedatectl', async (t) => {
  const { parts } = await house(t, recorded('done', { elapsed: 0 }));
  ran.length = 0;
  await setAutomatic(parts, true, ROOT);
  await setAutomatic(parts, false, ROOT);
  assert.deepEqual(ran, [
    '/usr/bin/timedatectl --no-ask-password set-ntp true',
    '/usr/bin/timedatectl --no-ask-password set-ntp false',
  ]);
});

test('the floor rises with commits at most once a minute, hourly without one, and survives', async (t) => {
  const { parts, keeping, pass, wall } = await house(t);
  await check(keeping);
  const commit = () =>
    parts.state.write((tables) => {
      tables.audit.add({
        at: wall.now,
        user: 'x',
        service: null,
        address: null,
        outcome: 'x',
        because: null,
      });
    });
  await commit();
  const first = parts.state.floor() ?? 0;
  assert.ok(wall.now - first < MINUTE);
  pass(30_000);
  await commit();
  assert.equal(parts.state.floor(), first, 'within the minute nothing is written');
  pass(40_000);
  await commit();
  assert.ok((parts.state.floor() ?? 0) > first);
  pass(HOUR);
  await keepFloor(parts);
  const stored = parts.state.read((tables) => tables.boards.current()?.floor);
  assert.equal(stored, parts.state.floor());
  assert.ok(wall.now - (stored ?? 0) < 1_000);
});
