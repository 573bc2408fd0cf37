// Owns the attacker of the virtual year: he has the password, every lane, as many logins as he likes, and all the patience.

import { DAY, type Instant, instant, later, type Millis, SECOND } from '../../daemon/kernel/instant.ts';
import { type Drift, windowOf } from '../../daemon/verification/drift.ts';
import {
  affords,
  fail,
  fresh,
  LANES,
  type Lane,
  refill,
  suspended,
  type ThrottleState,
  waitLeft,
} from '../../daemon/verification/throttle.ts';
import { PAIR_SLOT, Turns } from '../../daemon/verification/turns.ts';
import { TestAccount } from './account.ts';

/** Where guesses go in: both say whether one was looked at. */
export interface Door {
  readonly window: number;
  single(lane: Lane): boolean;
  pair(lane: Lane, source: string, login: string): boolean;
  pass(by: Millis): void;
  /** TOTP is closed to strangers. */
  readonly closed: boolean;
}

/** The rules of throttle and turns by themselves: a year of guesses takes seconds. */
export class BareDoor implements Door {
  readonly window: number;
  readonly #turns = new Turns(PAIR_SLOT);
  #now: Instant = instant(0);
  state: ThrottleState = fresh(this.#now);
  /** Somebody else's successes start the strangers' count again before it closes TOTP. */
  readonly #reopened: boolean;

  constructor(drift: Drift, reopened: boolean) {
    this.window = windowOf(drift).length;
    this.#reopened = reopened;
  }

  get closed(): boolean {
    return suspended(this.state, 'strangers');
  }

  single(lane: Lane): boolean {
    const state = refill(this.state, this.#now);
    if (suspended(state, lane) || !affords(state, this.window)) return false;
    if (waitLeft(state, lane, this.#now) > 0) return false;
    this.#failed(fail(state, lane, this.window, this.#now));
    return true;
  }

  pair(lane: Lane, source: string, login: string): boolean {
    if (suspended(this.state, lane)) return false;
    if (!this.#turns.ask(1, lane, source, login, this.#now).go) return false;
    this.#failed(fail(refill(this.state, this.#now), lane, 0, this.#now));
    return true;
  }

  pass(by: Millis): void {
    this.#now = later(this.#now, by);
  }

  #failed(state: ThrottleState): void {
    this.state = state;
    if (!this.#reopened || !this.closed) return;
    const strangers = { failures: 0, failedAt: this.#now };
    this.state = { ...state, lanes: { ...state.lanes, strangers } };
  }
}

/** The real rules on the real tables: what a day at the bare door is compared with. */
export class RealDoor implements Door {
  readonly #account: TestAccount;
  readonly window: number;

  constructor(drift: Drift) {
    this.#account = new TestAccount({ drift });
    this.#account.setClock(this.#account.step);
    // At the beginning of a step and of a slot, as at the bare door.
    this.#account.now = later(this.#account.now, -10 * SECOND);
    this.#account.elapsed = 0;
    this.window = windowOf(drift).length;
  }

  get closed(): boolean {
    return this.#account.demand('strangers').suspended;
  }

  single(lane: Lane): boolean {
    return this.#looked('000000', lane, 'a', 'a');
  }

  pair(lane: Lane, source: string, login: string): boolean {
    return this.#looked('000000 000000', lane, source, login);
  }

  pass(by: Millis): void {
    this.#account.pass(by);
  }

  #looked(text: string, lane: Lane, source: string, login: string): boolean {
    const result = this.#account.tries(text, { lane, source, login });
    if (result.kind === 'accepted')
      throw new Error('the attacker guessed right, which this test is not about');
    return result.kind === 'refused' && result.cost !== null;
  }
}

export interface Ledger {
  singles: number;
  pairs: number;
  /** Tries in pair form by strangers before TOTP closed to them. */
  strangersPairs: number;
  /** The slot in which TOTP closed to strangers, if it ever did. */
  closedAt: number | null;
}

const STRANGERS = ['198.51.100.1', '198.51.100.2'] as const;

/**
 * Guesses for so many days: a single code the moment the bucket affords one, in the lane that waits least, and in
 * every slot a pair in each half of the door, from several sources and with fresh logins.
 */
export function attack(door: Door, days: number, each?: (slot: number) => void): Ledger {
  const ledger: Ledger = { singles: 0, pairs: 0, strangersPairs: 0, closedAt: null };
  const slots = (days * DAY) / PAIR_SLOT;
  for (let slot = 0; slot < slots; slot++) {
    for (const lane of LANES) if (door.single(lane)) ledger.singles++;
    // Whoever was refused keeps his place, so the next slot is his: none is wasted, and the second never counts.
    for (const stranger of STRANGERS) {
      if (!door.pair('strangers', stranger, stranger)) continue;
      ledger.pairs++;
      ledger.strangersPairs++;
    }
    const inside = slot % 2 === 0 ? 'step-up' : 'known';
    if (door.pair(inside, inside, `${slot}`)) ledger.pairs++;
    if (ledger.closedAt === null && door.closed) ledger.closedAt = slot;
    each?.(slot);
    door.pass(PAIR_SLOT);
  }
  return ledger;
}

/**
 * The likeliest codes are right with this probability, not with 1e-6: 2^31 truncated numbers do not divide evenly
 * by a million.
 */
export const LIKELIEST = Math.ceil(2 ** 31 / 1e6) / 2 ** 31;

/**
 * The exact chance of all these guesses: for each the codes that it may hit. A guess that was right earlier is free,
 * and may be repeated in each later step of the hour in which it is; both are counted as if he always used them.
 */
export function chanceOf({ singles, pairs }: Ledger, window: number): number {
  const earlier = 120 * LIKELIEST;
  const single = window * LIKELIEST + earlier * (window * LIKELIEST + 120 * LIKELIEST);
  return singles * single + pairs * window * LIKELIEST ** 2;
}
