// Owns the proof that a power cut below the file system loses nothing that was answered, whatever the medium kept.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { distrust, reconcile } from '../../daemon/accounts/reconcile.ts';
import { Roster } from '../../daemon/accounts/roster.ts';
import { instant } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { placesOf } from '../../daemon/places.ts';
import { State } from '../../daemon/store/state.ts';
import { Bench, lacking } from '../scenarios/bench.ts';
import type { Phone } from '../scenarios/phone.ts';
import { traced } from '../scenarios/strace.ts';
import { MediumModel } from './medium-model.ts';
import { type Event, eventsOf, RECORDED } from './record.ts';

/** FYGO_CUTS asks for more. */
const CUTS = Number(process.env.FYGO_CUTS ?? 40);
const LOGINS = 60;
/** Hundreds of media are written and opened: in memory their flushes cost nothing. */
const MEMORY = '/dev/shm';
const FILES = ['var/state.db', 'var/state.db-wal', 'etc/roster', 'var/key/master.key'];

/** What was answered with 200, in the order of the replies. */
type Told =
  | { readonly user: string; readonly step: number }
  | { readonly user: string; readonly codesLeft: number };

interface Recorded {
  readonly before: ReadonlyMap<string, Buffer>;
  readonly events: readonly Event[];
  /** By the number of the reply with status 200. */
  readonly told: readonly Told[];
  readonly end: number;
}

/** Logins of two people, by code and by recovery code, and every write under them. */
async function recorded(t: TestContext): Promise<Recorded> {
  const bench = await Bench.started(t);
  const people: [string, Phone][] = [];
  for (const user of ['alice', 'bob']) people.push([user, await bench.enrolled(user)]);
  const told: Told[] = [];
  let before = new Map<string, Buffer>();
  const trace = await traced(bench, RECORDED, async () => {
    // All of it was flushed: the last commit was answered, and nothing is under way.
    before = new Map(FILES.map((name) => [name, readFileSync(bench.file(...name.split('/')))]));
    for (let i = 0; i < LOGINS; i++) {
      const [user, phone] = people[i % 2] as [string, Phone];
      const used = Math.floor(i / 8) + (i % 8 === 7 ? 1 : 0);
      if (i % 8 === 7) {
        const reply = await bench.recovers(user, phone.recoveryCodes[used - 1] ?? '');
        assert.equal(reply.status, 200, reply.text);
        told.push({ user, codesLeft: 10 - used });
      } else {
        const answer = { login: await bench.challenged(user), user, method: 'totp' };
        // A failure of the same login is paid back.
        if (i % 6 === 5) await bench.login('answer', { ...answer, code: phone.wrong(bench.now) });
        const reply = await bench.login('answer', { ...answer, code: phone.code(bench.now) });
        assert.equal(reply.status, 200, reply.text);
        told.push({ user, step: Math.floor(bench.now / 30_000) });
      }
      bench.pass(30);
    }
  });
  return { before, events: eventsOf(trace.join('\n'), bench.root), told, end: bench.now };
}

/** Opens what the medium holds as a start does. */
function opened(folder: string, end: number): State {
  const places = placesOf(folder);
  return new State({
    database: places.database,
    key: places.key,
    marker: places.marker,
    shadow: places.shadow,
    roster: new Roster(places.roster),
    auditRows: 1_000,
    floor: instant(0),
    random: systemRandom,
    elapsed: () => 0,
    mayCreate: true,
    mounted: () => true,
    reconcile: (tables, roster) => reconcile(tables, roster, instant(end)),
    distrust: (tables) => distrust(tables, instant(end), 'test'),
  });
}

function put(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
}

/** Everything that was answered before the cut is there. */
function holds(state: State, told: readonly Told[], end: number, what: string): void {
  assert.equal(state.problem(), null, `${what}: ${state.problem()?.message}`);
  for (const one of told) {
    const user = state.read((t) => t.users.byName(one.user)) ?? assert.fail(`${what}: ${one.user} is gone`);
    const factor = state.read((t) => t.factors.of(user.id)) ?? assert.fail(`${what}: no factor`);
    if ('step' in one) assert.ok(factor.lastStep >= one.step, `${what}: step ${one.step} is spent no more`);
    else {
      const left = state.read((t) => t.recoveryCodes.left(user.id, instant(end)));
      assert.ok(left <= one.codesLeft, `${what}: a recovery code is back`);
      const { counter = -1 } = state.roster.byName(one.user) ?? {};
      assert.ok(counter <= user.counter, `${what}: the roster is ahead`);
    }
  }
}

test(`${CUTS} power cuts: what was answered is there, whatever else the medium kept`, {
  skip: lacking('strace'),
}, async (t) => {
  const { before, events, told, end } = await recorded(t);
  const flushes = events.filter(({ kind }) => kind === 'flush').length;
  assert.ok(flushes > LOGINS, `${flushes} flushes were seen`);
  assert.ok(
    events.some((e) => e.kind === 'write' && e.file === 'var/state.db'),
    'a checkpoint was seen',
  );
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'fygo-cut-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (let cut = 0; cut < CUTS; cut++) {
    const at = Math.floor((events.length * (cut + 0.5)) / CUTS);
    const medium = new MediumModel(before);
    for (const event of events.slice(0, at)) medium.play(event);
    const accepted = events.slice(0, at).filter((e) => e.kind === 'reply' && e.status === 200).length;
    // Nothing of what was not flushed, all of it, and parts of it.
    for (const share of [0, 1, 0.5, 0.2]) {
      // What was made while it was open must not help it.
      rmSync(folder, { recursive: true, force: true });
      put(
        folder,
        medium.after(() => Math.random() < share),
      );
      const state = opened(folder, end);
      holds(state, told.slice(0, accepted), end, `cut before event ${at} of ${events.length}, ${share} kept`);
      state.close();
    }
  }
  t.diagnostic(`${CUTS * 4} media after ${events.length} events, ${flushes} flushes, ${told.length} logins`);
});
