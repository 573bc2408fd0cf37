// Owns the time that everything is judged by, what is known of it, and what may change it.

import {
  type Clock,
  type ClockTrust,
  type Instant,
  instant,
  later,
  MINUTE,
  type Millis,
  SECOND,
} from '../kernel/instant.ts';
import type { ClockAlarm, ClockState } from '../wire/time.ts';
import type { Quorum } from './quorum.ts';

/** This program was released then: no moment before it is ever believed, whatever a clock says. */
export const RELEASED: Instant = instant(Date.UTC(2026, 10, 1));

/** A quorum that differs more from what was known is an alarm, not a correction. */
export const ALARM: Millis = 1_000 * SECOND;
/** How much a quartz that nobody disciplines goes wrong: 100 ppm. */
export const DRIFT = 1e-4;
/** Beyond this bound the time still counts, but heals nothing: it may be a whole step off. */
export const TRUSTED_BOUND: Millis = 30 * SECOND;
/** What an honest quorum may differ backwards beyond both bounds. */
const SLACK: Millis = SECOND;
/** The wall clock was stepped when it gains or loses more than this, and more than a tenth of what passed. */
const STEP: Millis = SECOND;
const SLEW = 0.1;

export interface Sources {
  readonly wall: () => Instant;
  readonly elapsed: () => Millis;
}

/** A step of the wall clock: what it was moved by, and the elapsed time at which it was noticed. */
export interface Step {
  readonly by: Millis;
  readonly at: Millis;
}

export interface Standing {
  readonly state: ClockState;
  /** How far `now()` can be wrong; `null` where nobody knows. */
  readonly bound: Millis | null;
  readonly alarm: ClockAlarm | null;
  /** Elapsed time since which the state is what it is. */
  readonly since: Millis;
  /** The last quorum that was taken. */
  readonly taken: Quorum | null;
  readonly step: Step | null;
}

/**
 * Once a quorum was taken, time is that quorum and what elapsed since; the wall clock moves it no more. Before that it
 * is the wall clock while it is at or above the floor. Below it, time starts at the floor and runs with what really
 * elapses, so that waits and expiries end, but nothing older than the floor is ever "now".
 */
export class CorrectedClock implements Clock {
  readonly #sources: Sources;
  readonly #floor: () => Instant;
  #taken: Quorum | null = null;
  /** Did the last check find a quorum? */
  #fresh = false;
  #alarm: ClockAlarm | null = null;
  /** A check found no quorum, and the kernel does not vouch for the wall clock either. */
  #unconfirmed = false;
  /** Does the kernel say that its own, different time is right? */
  #contradicted = false;
  #noted: { readonly state: ClockState; readonly since: Millis } | null = null;
  #seen: { readonly base: Millis; readonly at: Millis } | null = null;
  #step: Step | null = null;
  /** The time from which it runs while the wall clock is below the floor, and what had elapsed then. */
  #start: { readonly time: Instant; readonly elapsed: Millis } | null = null;

  /** @param floor the time that is known to be past; it may rise. */
  constructor(sources: Sources, floor: () => Instant) {
    this.#sources = sources;
    this.#floor = floor;
  }

  now(): Instant {
    const floor = this.#floor();
    const elapsed = this.#sources.elapsed();
    const measured = this.#measured(floor, elapsed);
    if (measured !== null) return measured;
    const wall = this.#sources.wall();
    if (wall >= floor) {
      this.#start = null;
      return wall;
    }
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

  /** What the system clock shows, right or wrong. */
  wall(): Instant {
    return this.#sources.wall();
  }

  trust(): ClockTrust {
    const floor = this.#floor();
    const elapsed = this.#sources.elapsed();
    if (this.#measured(floor, elapsed) !== null) {
      if (this.#alarm !== null) return 'unconfirmed';
      return this.#bound(elapsed) <= TRUSTED_BOUND ? 'trusted' : 'plausible';
    }
    if (this.#sources.wall() < floor) return 'below-floor';
    return this.#unconfirmed || this.#alarm !== null ? 'unconfirmed' : 'plausible';
  }

  standing(): Standing {
    const elapsed = this.#sources.elapsed();
    const state = this.#state(elapsed);
    if (this.#noted?.state !== state) this.#noted = { state, since: elapsed };
    const taken = this.#measured(this.#floor(), elapsed) === null ? null : this.#taken;
    const bound = taken && this.#bound(elapsed);
    return { state, bound, alarm: this.#alarm, since: this.#noted.since, taken, step: this.#step };
  }

  /** What the wall clock is wrong by, positive when it is fast; `null` before a quorum was taken. */
  offset(): Millis | null {
    const { taken } = this.standing();
    return taken && this.#sources.wall() - (taken.epoch + this.#sources.elapsed());
  }

  /**
   * Takes a quorum for the truth, or raises an alarm and keeps what was known: below the floor; ahead of what was known
   * by more than 1000 s; or behind it by more than both can be wrong, because time that went by does not come again.
   * @param contradicted the kernel vouches for another time: the quorum counts, but must not raise the floor.
   */
  take(quorum: Quorum, contradicted: boolean): ClockAlarm | null {
    this.#alarm = this.#alarmOf(quorum);
    this.#unconfirmed = false;
    if (this.#alarm === null) {
      this.#taken = quorum;
      this.#contradicted = contradicted;
    }
    this.#fresh = this.#alarm === null;
    this.standing();
    return this.#alarm;
  }

  /** A check found no quorum. @param vouched the kernel says that the wall clock is synchronised. */
  missed(vouched: boolean): void {
    this.#fresh = false;
    this.#unconfirmed = !vouched;
    this.standing();
  }

  /** Root says that this quorum is the truth. The floor must not lie above it any more. */
  accept(quorum: Quorum): void {
    this.#taken = quorum;
    this.#alarm = null;
    this.#contradicted = false;
    this.#fresh = true;
    this.standing();
  }

  /**
   * What the floor may be raised to: the earliest that now can be, on a quorum's word alone. Under an alarm too: who
   * forges the time would otherwise keep what is known from being written down.
   */
  lowest(): Instant | null {
    const elapsed = this.#sources.elapsed();
    if (!this.#taken || this.#contradicted) return null;
    return instant(this.#taken.epoch + elapsed - this.#bound(elapsed));
  }

  /** Looks whether the wall clock was stepped since the last look. Slewing, of at most a tenth, is no step. */
  watch(): Step | null {
    const at = this.#sources.elapsed();
    const base = this.#sources.wall() - at;
    const before = this.#seen;
    this.#seen = { base, at };
    if (!before) return null;
    const by = base - before.base;
    if (Math.abs(by) <= STEP + SLEW * Math.max(0, at - before.at)) return null;
    this.#step = { by, at };
    return this.#step;
  }

  #measured(floor: Instant, elapsed: Millis): Instant | null {
    if (!this.#taken) return null;
    const time = this.#taken.epoch + elapsed;
    if (time >= floor) return instant(time);
    if (time + this.#bound(elapsed) >= floor) return floor;
    // The state was opened after the measurement, and its floor is later: that quorum was not the truth.
    this.#taken = null;
    this.#alarm = 'below-floor';
    return null;
  }

  #bound(elapsed: Millis): Millis {
    return this.#taken ? this.#taken.bound + DRIFT * Math.max(0, elapsed - this.#taken.at) : 0;
  }

  #alarmOf(quorum: Quorum): ClockAlarm | null {
    const floor = this.#floor();
    if (quorum.epoch + quorum.at + quorum.bound < floor) return 'below-floor';
    if (!this.#taken || this.#measured(floor, quorum.at) === null) return null;
    const ahead = quorum.epoch - this.#taken.epoch;
    const behind = -(this.#bound(quorum.at) + quorum.bound + SLACK);
    return ahead > ALARM || ahead < behind ? 'jumped' : null;
  }

  #state(elapsed: Millis): ClockState {
    const measured = this.#measured(this.#floor(), elapsed) !== null;
    if (this.#alarm !== null) return 'wrong';
    if (measured) return this.#fresh && !this.#stale(elapsed) ? 'synchronised' : 'holdover';
    return this.#sources.wall() < this.#floor() ? 'wrong' : 'unsynchronised';
  }

  /** Checks come every half hour; when none came for twice that long, nobody is looking. */
  #stale(elapsed: Millis): boolean {
    return this.#taken !== null && elapsed - this.#taken.at > 62 * MINUTE;
  }
}
