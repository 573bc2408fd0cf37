// Owns fresh second steps of signed-in users: tokens of five minutes, in memory, each for one user's state.

import { MINUTE, type Millis } from '../kernel/instant.ts';
import { type Random, token } from '../kernel/random.ts';

/** How long a second step counts as fresh. */
export const STEP_UP_LIVES: Millis = 5 * MINUTE;

/** Bounds the memory; the oldest of everybody's goes first. */
const MOST = 1_024;

/**
 * Codes that nobody can guess (recovery codes, the first code of an own secret) need no throttle; but each miss is
 * written to the flash, so after so many they come slowly.
 */
const FREE_MISSES = 10;
const MISS_PAUSE: Millis = 5_000;

/** What a fresh second step is good for: after a mailed code nothing but a new phone in place of the lost one. */
export type StepUpScope = 'everything' | 'replace-phone';

interface Granted {
  readonly uid: number;
  /** A new password or factor ends it. */
  readonly generation: number;
  readonly at: Millis;
  readonly scope: StepUpScope;
}

export class StepUps {
  readonly #granted = new Map<string, Granted>();
  readonly #paid = new Map<number, number[]>();
  readonly #misses = new Map<number, { readonly count: number; readonly at: Millis }>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A new token, to be carried in the header X-Step-Up. */
  grant(uid: number, generation: number, elapsed: Millis, scope: StepUpScope = 'everything'): string {
    const [oldest] = this.#granted.keys();
    if (this.#granted.size >= MOST && oldest !== undefined) this.#granted.delete(oldest);
    const granted = token(this.#random);
    this.#granted.set(granted, { uid, generation, at: elapsed, scope });
    this.#paid.delete(uid);
    this.#misses.delete(uid);
    return granted;
  }

  /** What it is good for, if it was granted to this user, in his present state, within five minutes; otherwise `null`. */
  scopeOf(given: string | undefined, uid: number, generation: number, elapsed: Millis): StepUpScope | null {
    const granted = given === undefined ? undefined : this.#granted.get(given);
    if (granted === undefined || elapsed - granted.at >= STEP_UP_LIVES) return null;
    return granted.uid === uid && granted.generation === generation ? granted.scope : null;
  }

  /** What the user's failures since his last success cost the bucket, to be given back by a success. */
  paid(uid: number): readonly number[] {
    return this.#paid.get(uid) ?? [];
  }

  /** A miss that no throttle counts. */
  missed(uid: number, elapsed: Millis): void {
    const [oldest] = this.#misses.keys();
    if (this.#misses.size >= MOST && oldest !== undefined) this.#misses.delete(oldest);
    this.#misses.set(uid, { count: (this.#misses.get(uid)?.count ?? 0) + 1, at: elapsed });
  }

  /** How long the user has to wait for his next try of a code that no throttle counts, in ms. */
  pause(uid: number, elapsed: Millis): Millis {
    const { count, at } = this.#misses.get(uid) ?? { count: 0, at: 0 };
    return count < FREE_MISSES ? 0 : Math.max(0, at + MISS_PAUSE - elapsed);
  }

  pay(uid: number, cost: number): void {
    const [oldest] = this.#paid.keys();
    if (this.#paid.size >= MOST && oldest !== undefined) this.#paid.delete(oldest);
    this.#paid.set(uid, [...this.paid(uid), cost].slice(0, 16));
  }
}
