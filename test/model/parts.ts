// Owns a board to run the use-cases on in this process: real state in a temporary folder, and time, chance and users made up.

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCachedDirectory } from '../../daemon/accounts/cache.ts';
import { type Directory, UNKNOWN } from '../../daemon/accounts/directory.ts';
import { distrust, reconcile } from '../../daemon/accounts/reconcile.ts';
import { Roster } from '../../daemon/accounts/roster.ts';
import type { Payload } from '../../daemon/backup/payload.ts';
import { restore } from '../../daemon/backup/restore.ts';
import { rotateKey } from '../../daemon/backup/rotate.ts';
import { takeBackup } from '../../daemon/backup/take.ts';
import { CorrectedClock, RELEASED } from '../../daemon/clock/corrected.ts';
import { untouchedClock } from '../../daemon/clock/system-clock.ts';
import { Timekeeping } from '../../daemon/clock/timekeeping.ts';
import { loadConfig } from '../../daemon/config.ts';
import { PendingEnrolments } from '../../daemon/enrolment/pending.ts';
import {
  type Clock,
  type ClockTrust,
  type Instant,
  instant,
  later,
  type Millis,
} from '../../daemon/kernel/instant.ts';
import type { Random } from '../../daemon/kernel/random.ts';
import { Logins } from '../../daemon/login/challenge.ts';
import { StepUps } from '../../daemon/login/step-ups.ts';
import { MailDesk } from '../../daemon/mail/desk.ts';
import { PostOffice } from '../../daemon/mail/post-office.ts';
import { placesOf } from '../../daemon/places.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import { Refusals } from '../../daemon/service/refusals.ts';
import type { StateOptions } from '../../daemon/store/opening.ts';
import { State } from '../../daemon/store/state.ts';
import { Debts } from '../../daemon/verification/debts.ts';
import { PAIR_SLOT, TRIPLE_SLOT, Turns } from '../../daemon/verification/turns.ts';

/** When each run begins, by every clock. */
export const START: Instant = instant(Date.UTC(2026, 10, 24, 8, 0, 7));

/** A clock that the test sets; what really elapsed only grows. */
export class SetClock implements Clock {
  at: Instant = START;
  passed: Millis = 0;
  known: ClockTrust = 'plausible';

  now = () => this.at;
  elapsed = () => this.passed;
  trust = () => this.known;

  /** The true time, which the board may not know. */
  get truth(): Instant {
    return later(START, this.passed);
  }

  pass(by: Millis): void {
    this.at = later(this.at, by);
    this.passed += by;
  }
}

/** Bytes that are the same in every run. */
function reproducible(): Random {
  let drawn = 0;
  return (count) => {
    const blocks = Array.from({ length: Math.ceil(count / 32) }, () =>
      createHash('sha256').update(`model ${drawn++}`).digest(),
    );
    return Buffer.concat(blocks).subarray(0, count);
  };
}

/** Accounts `u1`, `u2` and so on, as many as one likes. */
const people: Directory = {
  resolve: async (name) => {
    const number = /^u([0-9]+)$/.exec(name)?.[1];
    if (number === undefined) return UNKNOWN;
    const account = { name, uid: 10_000 + Number(number), gid: 100, shell: '/bin/sh' };
    return { kind: 'found', account, stale: false };
  },
  groups: async () => ['users'],
  group: async () => UNKNOWN,
  list: async () => [],
};

export class ModelBoard {
  #folder: string;
  readonly #random = reproducible();
  readonly #config: Parts['config'];
  clock = new SetClock();
  parts: Parts;

  private constructor(folder: string, config: Parts['config']) {
    this.#folder = folder;
    this.#config = config;
    this.parts = this.#make();
  }

  static async create(): Promise<ModelBoard> {
    const config = await loadConfig(null, 'config.toml');
    return new ModelBoard(mkdtempSync(join(tmpdir(), 'fygo-model-')), config);
  }

  /** Begins a run: its own clock, and nothing in memory of the one before. */
  begin(): void {
    this.clock = new SetClock();
    this.forget();
  }

  /** Loses what is kept in memory, as a restart does, without opening the state again. */
  forget(): void {
    this.parts = { ...this.parts, ...this.#memory(), clock: this.clock };
  }

  /** A restart of the daemon: the state is closed and opened again. */
  restart(): void {
    this.parts.state.close();
    this.parts = this.#make();
  }

  backup(): Payload {
    return takeBackup(this.parts, true);
  }

  /** The daemon is stopped, the backup restored, and the daemon started. */
  restore(payload: Payload): void {
    this.parts.state.close();
    const header = { lock: 'passphrase', takenAt: '2026-11-24T00:00:00Z', program: '0' } as const;
    restore(this.#options(), { header, payload }, this.clock.now(), false);
    this.parts = this.#make();
  }

  /** The daemon is stopped, the key changed, and the daemon started. */
  rotate(): void {
    this.parts.state.close();
    rotateKey(this.#options());
    this.parts = this.#make();
  }

  /** The plug is pulled: what goes on is the files as they lie there, with a database that nobody closed. */
  crash(): void {
    const before = this.#folder;
    this.#folder = mkdtempSync(join(tmpdir(), 'fygo-model-'));
    cpSync(before, this.#folder, { recursive: true });
    this.parts.state.close();
    rmSync(before, { recursive: true, force: true });
    this.parts = this.#make();
  }

  /** A new board: one that thousands have lived on takes long to restore. */
  renew(): void {
    this.close();
    this.#folder = mkdtempSync(join(tmpdir(), 'fygo-model-'));
    this.parts = this.#make();
  }

  close(): void {
    this.parts.state.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Never checked: the time of these tests is `clock`. */
  #timekeeping(): Timekeeping {
    const sources = { wall: () => this.clock.now(), elapsed: () => this.clock.elapsed() };
    const clock = new CorrectedClock(sources, () => RELEASED);
    return new Timekeeping(
      clock,
      { measure: async () => null },
      untouchedClock(),
      this.#config.clock.servers,
    );
  }

  #memory() {
    return {
      directory: createCachedDirectory(people, () => this.clock.elapsed()),
      logins: new Logins(1_000, this.#random),
      pending: new PendingEnrolments(),
      ownPending: new PendingEnrolments(),
      stepUps: new StepUps(this.#random),
      refusals: new Refusals(),
      turns: { pair: new Turns(PAIR_SLOT), triple: new Turns(TRIPLE_SLOT), searching: { busy: false } },
      debts: new Debts(),
      mail: new MailDesk({ handle: async () => null }),
    };
  }

  #options(): StateOptions {
    const places = placesOf(this.#folder);
    return {
      database: places.database,
      key: places.key,
      marker: places.marker,
      shadow: places.shadow,
      roster: new Roster(places.roster),
      auditRows: 1_000,
      floor: later(START, -1_000_000_000),
      random: this.#random,
      elapsed: () => this.clock.elapsed(),
      mounted: () => true,
      mayCreate: true,
      reconcile: (tables, roster) => reconcile(tables, roster, this.clock.now()),
      distrust: (tables) => distrust(tables, this.clock.now(), 'model'),
    };
  }

  #make(): Parts {
    const state = new State(this.#options());
    const parts = {
      state,
      ...this.#memory(),
      clock: this.clock,
      timekeeping: this.#timekeeping(),
      random: this.#random,
      config: this.#config,
      host: 'nas',
      version: '0',
    };
    return { ...parts, outbox: new PostOffice(parts) };
  }
}
