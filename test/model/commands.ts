// Owns what can be done to an account: each deed is done to the model and to the real use-cases, and both have to agree.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountEvent } from '../../daemon/accounts/event.ts';
import type { Payload } from '../../daemon/backup/payload.ts';
import { revokeDevices } from '../../daemon/devices/revoke.ts';
import { beginForLogin } from '../../daemon/enrolment/begin.ts';
import { confirmForLogin } from '../../daemon/enrolment/confirm.ts';
import { reset } from '../../daemon/enrolment/remove.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { instant, later } from '../../daemon/kernel/instant.ts';
import { answer } from '../../daemon/login/answer.ts';
import { type Beginning, begin } from '../../daemon/login/begin.ts';
import type { Outcome } from '../../daemon/login/outcome.ts';
import { setPolicy, showPolicy } from '../../daemon/policy/set.ts';
import { ROOT } from '../../daemon/service/actor.ts';
import { type Expected, type LaneName, type Model, type Saved, type Typed, UNIT } from './account.ts';
import type { ModelBoard } from './parts.ts';

export interface Real {
  readonly board: ModelBoard;
  readonly user: string;
  /** The last backup. */
  kept?: { readonly payload: Payload; readonly saved: Saved };
}

/** Everybody has to use two-factor, from now on: a new version of the policy each time. */
export async function everybodys({ parts }: ModelBoard): Promise<void> {
  const names = { users: [], groups: [], exceptUsers: [], exceptGroups: [] };
  const { version } = showPolicy(parts);
  await setPolicy(parts, { scope: 'all', graceDays: 0, ...names, force: true }, version, ROOT);
}

/** How many commands were run, by their kind, and what answers came to. */
export const counted = new Map<string, number>();
export const came = new Map<string, number>();

function count(map: Map<string, number>, what: string): void {
  map.set(what, (map.get(what) ?? 0) + 1);
}

type Deed = (model: Model, real: Real) => Promise<void>;

class Command implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #kind: string;
  readonly #needs: (model: Model) => boolean;
  readonly #deed: Deed;

  constructor(kind: string, detail: unknown, needs: (model: Model) => boolean, deed: Deed) {
    this.#kind = kind;
    this.#name = detail === undefined ? kind : `${kind} ${JSON.stringify(detail)}`;
    this.#needs = needs;
    this.#deed = deed;
  }

  check(model: Readonly<Model>): boolean {
    return this.#needs(model as Model);
  }

  async run(model: Model, real: Real): Promise<void> {
    count(counted, this.#kind);
    await this.#deed(model, real);
    agree(model, real);
  }

  toString(): string {
    return this.#name;
  }
}

const always = () => true;
const enrolled = (model: Model) => model.key !== null;

/** What is stored has to be what the model says: nothing is given back, nothing is forgotten. */
function agree(model: Model, { board, user }: Real): void {
  board.parts.state.read((t) => {
    const row = t.users.byName(user);
    assert.equal(row?.counter ?? 0, model.counter, 'the counter');
    assert.equal(
      board.parts.state.roster.byName(user)?.counter ?? 0,
      model.counter,
      'the counter in the roster',
    );
    const factor = row && t.factors.of(row.id);
    assert.equal(factor !== null, model.key !== null, 'enrolled');
    if (!row || !factor) return;
    const { lanes } = model;
    assert.deepEqual(
      {
        lastStep: factor.lastStep,
        drift: factor.drift,
        bucket: factor.bucket,
        strangers: factor.strangersFailures,
        known: factor.knownFailures,
        recoveryCodes: t.recoveryCodes.left(row.id, board.clock.now()),
      },
      {
        lastStep: model.lastStep,
        drift: model.drift,
        bucket: model.bucket,
        strangers: lanes.strangers.failures,
        known: lanes.known.failures,
        recoveryCodes: model.recoveryCodes.length,
      },
    );
  });
}

async function opened(real: Real, model: Model, lane: LaneName, source: string): Promise<Beginning> {
  const { board, user } = real;
  const token = lane === 'known' && model.token ? { deviceToken: model.token.text } : {};
  return begin(board.parts, { user, service: 'web', remoteAddress: source, ...token });
}

function enrol(offset: number, wrongFirst: boolean): Command {
  const detail = { offset, wrongFirst };
  return new Command(
    'enrol',
    detail,
    (model) => model.key === null,
    async (model, real) => {
      const { board, user } = real;
      const begun = await opened(real, model, 'strangers', 'desk');
      assert.equal(begun.kind, 'enrol');
      const login = begun.kind === 'enrol' ? begun.login : '';
      const offered = await beginForLogin(board.parts, { login, user });
      assert.equal(offered.kind, 'offer');
      const key =
        board.parts.logins.find(login, user, board.clock.elapsed()).offered?.reveal() ?? assert.fail();
      model.key = Buffer.from(key);
      const confirm = (typed: Typed) => {
        return confirmForLogin(board.parts, { login, user, code: model.textOf(typed) }, 'pipeline');
      };
      if (wrongFirst) {
        for (const typed of ['wrong', [model.step + 4], [model.step - 4]] as const) {
          assert.equal((await confirm(typed)).kind, 'refused');
        }
      }
      const done = await confirm([model.step + offset]);
      assert.equal(done.kind, 'admission');
      if (done.kind !== 'admission' || done.admission.document.outcome !== 'accepted') return;
      const { deviceToken, recoveryCodes } = done.admission.document;
      model.enrolled(model.key, model.step + offset, recoveryCodes ?? []);
      model.token = { text: deviceToken, generation: model.generation, issued: model.now };
    },
  );
}

/** Opens a login and compares what is asked for. */
async function open(model: Model, real: Real, lane: LaneName, source: string): Promise<string> {
  const begun = await opened(real, model, lane, source);
  assert.equal(begun.kind, 'challenge');
  if (begun.kind !== 'challenge') return '';
  const known = lane === 'known' && model.knownDevice;
  const actual: LaneName = known ? 'known' : 'strangers';
  const { form, wait, suspended } = model.demand(actual);
  const methods = [
    ...(suspended ? [] : ['totp']),
    ...(model.recoveryCodes.length > 0 ? ['recovery-code'] : []),
  ];
  assert.deepEqual(
    { form: begun.form, wait: begun.retryAfter, methods: begun.methods },
    { form, wait, methods },
  );
  model.begun(begun.login, actual, source);
  return begun.login;
}

const login = (lane: LaneName, source: string) =>
  new Command('login', { lane, source }, enrolled, async (model, real) => {
    await open(model, real, lane, source);
  });

type Given = Outcome | { readonly kind: 'fault'; readonly code: string };

async function give(real: Real, id: string, method: 'totp' | 'recovery-code', code: string): Promise<Given> {
  try {
    return await answer(real.board.parts, { login: id, user: real.user, method, code }, 'pipeline');
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', code: error.code };
    throw error;
  }
}

function compare(model: Model, given: Given, expected: Expected): void {
  const simple: Record<string, unknown> =
    given.kind === 'admission'
      ? { kind: 'accepted' }
      : given.kind === 'refused'
        ? {
            kind: 'refused',
            because: given.because,
            form: given.form,
            ...(given.explanation ? { why: given.explanation.code } : {}),
          }
        : given.kind === 'fault'
          ? { kind: 'fault', code: given.code }
          : { kind: given.kind };
  count(came, String(simple.why ?? simple.because ?? simple.code ?? simple.kind));
  assert.deepEqual(simple, expected);
  if (given.kind !== 'admission' || given.admission.document.outcome !== 'accepted') return;
  model.token = {
    text: given.admission.document.deviceToken,
    generation: model.generation,
    issued: model.now,
  };
}

/** One of the logins that were begun, seldom one that is over; where there is none, or for `null`, a new one. */
async function choose(model: Model, real: Real, which: number | null): Promise<string> {
  if (which === null) return open(model, real, 'strangers', 'desk');
  const pool = which < 6 ? model.logins.filter(({ ended }) => !ended) : model.logins;
  const chosen = pool.at(-1 - (which % (pool.length + 1)));
  return chosen?.id ?? open(model, real, which % 2 === 0 ? 'strangers' : 'known', 'desk');
}

type Typing = (model: Model) => Typed;

async function tries(model: Model, real: Real, which: number | null, typed: Typed): Promise<void> {
  const id = await choose(model, real, which);
  const given = await give(real, id, 'totp', model.textOf(typed));
  compare(model, given, model.answer(id, typed, given.kind === 'wait'));
}

const totp = (kind: string, which: number, detail: unknown, typing: Typing) =>
  new Command(kind, { which, detail }, enrolled, (model, real) => tries(model, real, which, typing(model)));

/** The same code at several logins at once: they share a commit, and one of them at most may open. */
const parallel = (copies: number, offset: number) =>
  new Command('parallel', { copies, offset }, enrolled, async (model, real) => {
    const ids: string[] = [];
    for (let i = 0; i < copies; i++)
      ids.push(await open(model, real, i % 2 === 0 ? 'strangers' : 'known', `p${i}`));
    const typed = [model.step + offset];
    const text = model.textOf(typed);
    const given = await Promise.all(ids.map((id) => give(real, id, 'totp', text)));
    assert.ok(given.filter(({ kind }) => kind === 'admission').length <= 1, 'one code, one door');
    for (const [i, one] of given.entries())
      compare(model, one, model.answer(ids[i] ?? '', typed, one.kind === 'wait'));
  });

const recovery = (which: number, state: 'fresh' | 'used' | 'wrong') =>
  new Command('recovery', { which, state }, enrolled, async (model, real) => {
    const id = await choose(model, real, which);
    const pool = state === 'fresh' ? model.recoveryCodes : state === 'used' ? model.usedRecoveryCodes : [];
    const code = pool[0] ?? 'ZZZZ-ZZZZ-ZZZZ-ZZZZ';
    compare(model, await give(real, id, 'recovery-code', code), model.recover(id, code));
  });

const pass = (seconds: number) =>
  new Command('pass', seconds, always, async (model, { board }) => {
    board.clock.pass(seconds * 1_000);
    model.now += seconds * 1_000;
    model.elapsed += seconds * 1_000;
  });

/** The board's clock is put elsewhere, and nobody vouches for it any more. */
function setClock(model: Model, { board }: Real, by: number): void {
  board.clock.at = later(board.clock.at, by);
  board.clock.known = 'plausible';
  model.now += by;
  model.trusted = false;
}

/** Time servers agree: the board knows the time, and that it does. */
function agreeOnTime(model: Model, { board }: Real): void {
  board.clock.at = board.clock.truth;
  board.clock.known = 'trusted';
  model.now = board.clock.truth;
  model.trusted = true;
}

const jump = (seconds: number) =>
  new Command('jump', seconds, always, async (model, real) => setClock(model, real, seconds * 1_000));

const servers = () =>
  new Command('servers', undefined, always, async (model, real) => agreeOnTime(model, real));

/** A board runs ahead, its owner logs in on the way, the time is put right, and two codes are asked for. */
const ahead = (stops: readonly number[]) =>
  new Command('ahead', stops, enrolled, async (model, real) => {
    for (const seconds of stops) {
      setClock(model, real, seconds * 1_000);
      await tries(model, real, null, [model.step]);
    }
    agreeOnTime(model, real);
    await tries(model, real, null, [model.step - 1, model.step]);
  });

/** Some code that opened the door once is tried again in its own step, whenever that is. */
const replay = (which: number) =>
  new Command('replay', which, enrolled, async (model, real) => {
    const step = [...model.spent][which % model.spent.size] ?? assert.fail();
    setClock(model, real, step * 30_000 + 5_000 - model.now);
    await tries(model, real, null, [step]);
  });

const restart = (whole: boolean) =>
  new Command('restart', { whole }, always, async (model, { board }) => {
    if (whole) board.restart();
    else board.forget();
    model.forgets();
  });

const password = () =>
  new Command('password', undefined, always, async (model, { board, user }) => {
    await accountEvent(board.parts, user, 'password-changed');
    // Somebody the daemon has no row of has nothing that could move on.
    if (model.counter === 0) return;
    model.movesOn();
    if (model.key) model.lanes.strangers = { failures: 0, failedAt: model.now };
  });

const resetting = (what: 'factor' | 'failures') =>
  new Command('reset', what, enrolled, async (model, { board, user }) => {
    await reset(board.parts, user, what, 'the model says so', ROOT);
    if (what === 'failures') {
      model.forgiven();
      model.ends();
      return;
    }
    model.movesOn();
    model.key = null;
  });

const saving = () =>
  new Command('backup', undefined, enrolled, async (model, real) => {
    real.kept = { payload: real.board.backup(), saved: model.saved() };
  });

/** Whatever has happened since the backup, a changed key included. */
const restoring = () =>
  new Command('restore', undefined, always, async (model, real) => {
    if (!real.kept) return;
    real.board.restore(real.kept.payload);
    model.restored(real.kept.saved);
  });

const rotating = () =>
  new Command('key rotate', undefined, always, async (model, { board }) => {
    board.rotate();
    model.keyChanges++;
    model.token = null;
    model.forgets();
  });

const crashing = () =>
  new Command('crash', undefined, always, async (model, { board }) => {
    board.crash();
    model.forgets();
  });

/** Everybody stays in its scope; who has begun to log in under the one before begins again. */
const policyChange = () =>
  new Command('policy', undefined, enrolled, async (model, { board }) => {
    await everybodys(board);
    for (const login of model.logins) login.changed = true;
  });

/** A device is trusted, exempts, is revoked, and exempts no more. */
const revoking = () =>
  new Command('revoke', undefined, enrolled, async (model, real) => {
    const { board, user } = real;
    const id = await open(model, real, 'strangers', 'desk');
    const pair = model.demand('strangers').form === 'pair';
    const typed = pair ? [model.step - 1, model.step] : [model.step];
    const code = model.textOf(typed);
    const given = await answer(
      board.parts,
      { login: id, user, method: 'totp', code, trustDevice: 'laptop' },
      'pipeline',
    );
    compare(model, given, model.answer(id, typed, given.kind === 'wait'));
    if (given.kind !== 'admission' || !model.token) return;
    const deviceToken = model.token.text;
    const asks = () => begin(board.parts, { user, service: 'web', remoteAddress: 'desk', deviceToken });
    assert.equal((await asks()).kind, 'admission');
    await revokeDevices(board.parts, user, 'all', ROOT);
    model.counter++;
    model.token = null;
    const after = await asks();
    assert.equal(after.kind, 'challenge');
    if (after.kind === 'challenge') model.begun(after.login, 'strangers', 'desk');
  });

/** What a long attack leaves: an almost empty bucket, and strangers at the brink. */
const besieged = (units: number, failures: number) =>
  new Command('besieged', { units, failures }, enrolled, async (model, { board, user }) => {
    const at = instant(model.now);
    await board.parts.state.write((t) => {
      const row = t.users.byName(user) ?? assert.fail();
      const factor = t.factors.of(row.id) ?? assert.fail();
      const strangers = { strangersFailures: failures, strangersFailedAt: at };
      t.factors.save({ ...factor, bucket: units * UNIT, bucketAt: at, ...strangers });
    });
    model.bucket = units * UNIT;
    model.bucketAt = model.now;
    model.lanes.strangers = { failures, failedAt: model.now };
  });

const which = fc.nat(7);
const lanes = fc.constantFrom<LaneName>('strangers', 'known');
const sources = fc.constantFrom('desk', 'sofa', '2001:db8::1');
const near = fc.integer({ min: -3, max: 3 });
const far = fc.oneof(fc.integer({ min: -119, max: -3 }), fc.integer({ min: 3, max: 20 }));

const one =
  (offset: number): Typing =>
  (model) => [model.step + offset];
const two =
  (offset: number): Typing =>
  (model) => [model.step + offset - 1, model.step + offset];
const three =
  (offset: number): Typing =>
  (model) =>
    [-2, -1, 0].map((i) => model.step + offset + i);

/** Drawn three times as often as the others. */
const often = <T>(arbitrary: T): T[] => [arbitrary, arbitrary, arbitrary];

/** How every life begins. */
export async function enrolFirst(model: Model, real: Real): Promise<void> {
  await enrol(0, false).run(model, real);
}

export const commands = fc.commands(
  [
    ...often(
      fc.tuple(fc.integer({ min: -1, max: 1 }), fc.boolean()).map(([offset, wrong]) => enrol(offset, wrong)),
    ),
    fc.tuple(lanes, sources).map(([lane, source]) => login(lane, source)),
    ...often(fc.tuple(which, near).map(([n, offset]) => totp('right', n, offset, one(offset)))),
    fc.tuple(which, far).map(([n, offset]) => totp('other moment', n, offset, one(offset))),
    which.map((n) => totp('again', n, 0, (model) => [model.lastStep])),
    which.map((n) => totp('wrong', n, 0, () => 'wrong')),
    ...often(fc.tuple(which, near).map(([n, offset]) => totp('pair', n, offset, two(offset)))),
    fc.tuple(which, near).map(([n, offset]) => totp('triple', n, offset, three(offset))),
    which.map((n) => totp('wrong pair', n, 0, () => 'wrong pair')),
    which.map((n) => totp('split pair', n, 0, (model) => [model.step - 2, model.step])),
    fc.tuple(fc.integer({ min: 2, max: 6 }), near).map(([copies, offset]) => parallel(copies, offset)),
    fc.tuple(which, fc.constantFrom('fresh', 'used', 'wrong')).map(([n, state]) => recovery(n, state)),
    ...often(fc.integer({ min: 1, max: 70 }).map(pass)),
    fc.constantFrom(899, 900, 3_600, 86_400).map(pass),
    fc.integer({ min: -200, max: 200 }).map((seconds) => jump(seconds)),
    fc.integer({ min: 1, max: 10_800 }).map((seconds) => jump(seconds)),
    fc.constant(undefined).map(servers),
    fc.array(fc.integer({ min: 300, max: 3_600 }), { minLength: 1, maxLength: 3 }).map(ahead),
    fc.nat(30).map(replay),
    fc.boolean().map(restart),
    fc.constant(undefined).map(password),
    fc.constantFrom('factor' as const, 'failures' as const).map(resetting),
    fc.constant(undefined).map(saving),
    fc.constant(undefined).map(restoring),
    fc.constant(undefined).map(rotating),
    fc.constant(undefined).map(crashing),
    fc.constant(undefined).map(policyChange),
    fc.constant(undefined).map(revoking),
    fc
      .tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 3, 99))
      .map(([units, n]) => besieged(units, n)),
  ],
  { maxCommands: 40, size: 'max' },
);
