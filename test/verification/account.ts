// Owns an account to try codes against: the real rules on the real tables in memory, and a phone that shows the truth.

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type ClockTrust, type Instant, later, type Millis } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { migrations } from '../../daemon/store/database.ts';
import type { Factor } from '../../daemon/store/factors.ts';
import { MasterKey } from '../../daemon/store/key.ts';
import { seal } from '../../daemon/store/seal.ts';
import { type Tables, tablesOf } from '../../daemon/store/tables.ts';
import { Debts } from '../../daemon/verification/debts.ts';
import { seedPlace, throttleColumns } from '../../daemon/verification/stored.ts';
import { fresh, type Lane } from '../../daemon/verification/throttle.ts';
import { stepAt, stepStart } from '../../daemon/verification/totp.ts';
import { PAIR_SLOT, Turns } from '../../daemon/verification/turns.ts';
import { readTyped } from '../../daemon/verification/typed.ts';
import { demand, type Verification, verify } from '../../daemon/verification/verify.ts';
import { SECRET } from '../vectors/rfc4226.ts';
import { codeOf, wrongCode } from '../vectors/truth.ts';
import { NOW } from './arbitrary.ts';

export interface Try {
  readonly lane?: Lane;
  readonly source?: string;
  readonly login?: string;
  readonly paid?: readonly number[];
  /** For three codes on a board that lost the time. */
  readonly located?: number | null;
}

export class TestAccount {
  readonly phone = Buffer.from(SECRET, 'hex');
  readonly turns = new Turns(PAIR_SLOT);
  readonly debts = new Debts();
  readonly #db = new DatabaseSync(':memory:');
  readonly #tables: Tables;
  readonly #key = new MasterKey(new Secret(Buffer.alloc(32, 1)));
  readonly user: number;
  now: Instant = later(stepStart(NOW), 10_000);
  elapsed: Millis = 0;
  trust: ClockTrust = 'plausible';

  constructor(changed: Partial<Factor> = {}) {
    for (const { sql } of migrations()) this.#db.exec(sql);
    this.#tables = tablesOf(this.#db, 100, { key: this.#key, random: (n) => Buffer.alloc(n, 2) });
    this.user = this.#tables.users.add('alice', 1000).id;
    this.#tables.factors.add({
      user: this.user,
      secret: seal(new Secret(this.phone), seedPlace(this.user), this.#key, (n) => Buffer.alloc(n, 2)),
      enrolledAt: this.now,
      enrolledStep: NOW - 100,
      lastStep: NOW - 100,
      earliestStep: 0,
      pairFirst: 0,
      drift: 0,
      lastLogin: null,
      ...throttleColumns(fresh(this.now)),
      ...changed,
    });
  }

  get step(): number {
    return stepAt(this.now);
  }

  get factor(): Factor {
    return this.#tables.factors.of(this.user) ?? assert.fail('the factor is gone');
  }

  get burnt(): ReadonlySet<number> {
    return this.#tables.factors.burnt(this.user);
  }

  demand(lane: Lane = 'strangers') {
    return demand(this.factor, lane, this.now, this.trust);
  }

  /** Lets time pass, on every clock. */
  pass(by: Millis): void {
    this.now = later(this.now, by);
    this.elapsed += by;
  }

  /** Puts the clock of the board elsewhere; what really elapsed is not moved. */
  setClock(step: number): void {
    this.now = later(stepStart(step), 10_000);
  }

  change(changed: Partial<Factor>): void {
    this.#tables.factors.save({ ...this.factor, ...changed });
  }

  /** The codes of the steps that lie so far from now, in one string. */
  codes(...offsets: number[]): string {
    return offsets.map((offset) => codeOf(this.phone, this.step + offset)).join(' ');
  }

  /** A code that is right at no moment that anything looks at. */
  wrong(): string {
    return wrongCode(this.phone, this.step - 130, this.step + 30);
  }

  /** One attempt in a transaction of its own. */
  tries(text: string, how: Try = {}): Verification {
    const { lane = 'strangers', source = 'none', login = 'a login', paid = [], located = null } = how;
    const typed = readTyped(text) ?? assert.fail('malformed');
    const { now, elapsed, trust, turns, debts } = this;
    const attempt = { typed, lane, source, login, paid, now, elapsed, trust, located };
    const { factors } = this.#tables;
    this.#db.exec('BEGIN');
    const result = verify(this.factor, attempt, { factors, key: this.#key, turns, debts });
    this.#db.exec('COMMIT');
    return result;
  }
}
