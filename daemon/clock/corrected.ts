// Owns the time that everything is judged by: the system clock, never before the floor.

import { type Clock, type ClockTrust, type Instant, instant, later, type Millis } from '../kernel/instant.ts';

/** This program was released then: no moment before it is ever believed, whatever a clock says. */
export const RELEASED: Instant = instant(Date.UTC(2026, 10, 1));

export interface Sources {
  readonly wall: () => Instant;
  readonly elapsed: () => Millis;
}

/**
 * The wall clock while it is at or above the floor. Below it, time starts at the floor and runs with what really
 * elapses, so that waits and expiries end, but nothing older than the floor is ever "now".
 */
export class CorrectedClock implements Clock {
  readonly #sources: Sources;
  readonly #floor: () => Instant;
  /** The time from which it runs while the wall clock is below the floor, and what had elapsed then. */
  #start: { readonly time: Instant; readonly elapsed: Millis } | null = null;

  /** @param floor the time that is known to be past; it may rise. */
  constructor(sources: Sources, floor: () => Instant) {
    this.#sources = sources;
    this.#floor = floor;
  }

  now(): Instant {
    const wall = this.#sources.wall();
    const floor = this.#floor();
    if (wall >= floor) {
      this.#start = null;
      return wall;
    }
    const elapsed = this.#sources.elapsed();
    this.#start ??= { time: floor, elapsed };
    const time = later(this.#start.time, elapsed - this.#start.elapsed);
    if (time >= floor) return time;
    // The floor was raised past it: time runs on from there.
    this.#start = { time: floor, elapsed };
    return floor;
  }

  elapsed(): Millis {
    return this.#sources.elapsed();
  }

  trust(): ClockTrust {
    return this.#sources.wall() >= this.#floor() ? 'plausible' : 'below-floor';
  }
}
