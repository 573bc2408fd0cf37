// Owns the open logins: what each one is about, how long it lives, and that there is a bound to them.

import type { Account } from '../accounts/account.ts';
import type { TrustEnd } from '../devices/standing.ts';
import { Fault } from '../kernel/fault.ts';
import { type Instant, later, MINUTE, type Millis } from '../kernel/instant.ts';
import { type Random, token } from '../kernel/random.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Lane } from '../verification/throttle.ts';

/** How long a login may take after the password. */
export const LOGIN_LIVES: Millis = 15 * MINUTE;

/** What a login remembers of its user's state; where that has moved on, the login is over. */
export interface Generation {
  readonly user: number;
  readonly policy: number;
}

export interface Login {
  readonly id: string;
  readonly kind: 'challenge' | 'enrol';
  /** The canonical name. */
  readonly user: string;
  readonly uid: number;
  /** The name that the client used; it may repeat that or the canonical one. */
  readonly givenName: string;
  /** The user's row; `null` for one who has none yet. */
  readonly userId: number | null;
  readonly account: Account | null;
  readonly generation: Generation;
  readonly service: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly locale: string | null;
  readonly lane: Lane;
  readonly source: string;
  /** Why the device that was trusted is asked again. */
  readonly trustEnded: TrustEnd | null;
  readonly begunAt: Millis;
  readonly expires: Instant;
  /** `accepting` while the commit that accepts it is under way. */
  state: 'open' | 'accepting' | 'accepted';
  /** What each counted failure of this login cost the bucket. */
  paid: number[];
  /** Misses that no throttle counts, and when the last one was (elapsed time). */
  misses: { readonly count: number; readonly at: Millis };
  /** The secret offered to who has to enrol. */
  offered: Secret | null;
}

export type NewLogin = Omit<Login, 'id' | 'begunAt' | 'expires' | 'state' | 'paid' | 'misses' | 'offered'>;

/** At most this many of one user in one lane; strangers never push a known device's login out. */
const LOGINS_A_LANE = 64;

/** So many that are over are remembered, to answer "used-code" rather than "unknown-login". */
const ACCEPTED = 1_024;

/**
 * Codes that nobody can guess (recovery codes, the first code of an own secret) need no throttle; but each miss
 * is written to the flash, so after so many in one login they come slowly.
 */
const FREE_MISSES = 10;
const MISS_PAUSE: Millis = 5_000;

export class Logins {
  readonly #byId = new Map<string, Login>();
  readonly #byLane = new Map<string, Set<Login>>();
  readonly #accepted = new Set<Login>();
  readonly #most: number;
  readonly #random: Random;

  /** @param most how many are kept in all. */
  constructor(most: number, random: Random) {
    this.#most = most;
    this.#random = random;
  }

  /**
   * Opens a login. When a user has too many in a lane, the oldest of the source with most of them goes.
   * @throws Fault `too-many-logins` when there are too many of everybody.
   */
  open(login: NewLogin, now: Instant, elapsed: Millis): Login {
    this.#forgetExpired(elapsed);
    const lane = this.#byLane.get(laneOf(login));
    if (lane && lane.size >= LOGINS_A_LANE) this.#drop(oldestOfHeaviest(lane));
    if (this.#byId.size - this.#accepted.size >= this.#most) {
      throw new Fault(
        'too-many-logins',
        'Too many logins are waiting for their second step, so no new one is begun.',
        'Try again in a few minutes.',
      );
    }
    const begun = { id: token(this.#random), begunAt: elapsed, expires: later(now, LOGIN_LIVES) };
    return this.#add({ ...login, ...begun });
  }

  /** A login that was stored goes on: after a restart, or pushed out by others. */
  restore(login: NewLogin, id: string, expires: Instant, now: Instant, elapsed: Millis): Login {
    return this.#add({ ...login, id, begunAt: elapsed - (LOGIN_LIVES - (expires - now)), expires });
  }

  /** Is it there, whoever's it is? */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** @throws Fault `unknown-login` for one that never was, has expired, or is another user's. */
  find(id: string, name: string, elapsed: Millis): Login {
    const login = this.#byId.get(id);
    const mine = login && (name === login.user || name === login.givenName);
    if (!login || !mine || elapsed - login.begunAt >= LOGIN_LIVES) throw unknownLogin();
    return login;
  }

  /** The login is over: it takes nobody's place any more, and is soon forgotten. */
  accepted(login: Login): void {
    login.state = 'accepted';
    login.offered = null;
    this.#leaveLane(login);
    if (!this.#byId.has(login.id)) return;
    this.#accepted.add(login);
    const [oldest] = this.#accepted;
    if (this.#accepted.size > ACCEPTED && oldest) this.#drop(oldest);
  }

  /** A miss that no throttle counts. */
  missed(login: Login, elapsed: Millis): void {
    login.misses = { count: login.misses.count + 1, at: elapsed };
  }

  /** How long this login has to wait for its next try of a code that no throttle counts, in ms. */
  pause({ misses }: Login, elapsed: Millis): Millis {
    return misses.count < FREE_MISSES ? 0 : Math.max(0, misses.at + MISS_PAUSE - elapsed);
  }

  /** Ends every open login of a user. */
  endAll(uid: number): void {
    for (const login of this.#byId.values()) if (login.uid === uid) this.#drop(login);
  }

  #add(begun: NewLogin & Pick<Login, 'id' | 'begunAt' | 'expires'>): Login {
    const added: Login = { ...begun, state: 'open', paid: [], misses: { count: 0, at: 0 }, offered: null };
    this.#byId.set(added.id, added);
    const key = laneOf(added);
    this.#byLane.set(key, (this.#byLane.get(key) ?? new Set()).add(added));
    return added;
  }

  #forgetExpired(elapsed: Millis): void {
    // Insertion order is age: stop at the first that lives.
    for (const login of this.#byId.values()) {
      if (elapsed - login.begunAt < LOGIN_LIVES) break;
      this.#drop(login);
    }
  }

  #drop(login: Login): void {
    this.#byId.delete(login.id);
    this.#accepted.delete(login);
    this.#leaveLane(login);
  }

  #leaveLane(login: Login): void {
    const key = laneOf(login);
    const lane = this.#byLane.get(key);
    lane?.delete(login);
    if (lane?.size === 0) this.#byLane.delete(key);
  }
}

function laneOf({ uid, lane }: Pick<Login, 'uid' | 'lane'>): string {
  return `${uid}:${lane}`;
}

function oldestOfHeaviest(lane: ReadonlySet<Login>): Login {
  const bySource = Map.groupBy(lane, ({ source }) => source);
  const [heaviest] = [...bySource.values()].sort((a, b) => b.length - a.length);
  return heaviest?.[0] as Login;
}

export function unknownLogin(): Fault {
  return new Fault(
    'unknown-login',
    'This login is not known: it expired, belongs to another user, or the daemon was restarted.',
    'Begin again with the password.',
  );
}
