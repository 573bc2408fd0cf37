// Owns when the daemon gives back memory that it does not need: once it has gone quiet, and in the middle of a burst that
// does not end.

import { type Millis, SECOND } from '../kernel/instant.ts';

/** Without a decision for so long, nobody waits for the pause. */
const QUIET: Millis = 5 * SECOND;
/** Fewer decisions leave little behind, and the next login finds its code compiled. */
const FEW = 100;
/** What so many leave behind is more than an idle daemon has altogether. */
const MANY = 1_000;

/** `thorough`: what only a next login needs goes too. */
export type GiveBack = (thorough: boolean) => void;

export class SpareMemory {
  readonly #giveBack: GiveBack;
  #quiet: NodeJS.Timeout | undefined;
  /** Decisions since memory was given back; the start counts as many. */
  #thorough = FEW;
  #partly = 0;

  /** Keeps no process alive. @param giveBack must not throw */
  constructor(giveBack: GiveBack) {
    this.#giveBack = giveBack;
    this.#wait();
  }

  /** Somebody was let in or not. */
  decided(): void {
    this.#thorough += 1;
    this.#partly += 1;
    this.#wait();
    if (this.#partly !== MANY) return;
    this.#partly = 0;
    // After the answer that is on its way.
    setImmediate(() => this.#giveBack(false));
  }

  /** Something large has passed through memory: a backup reads the whole state, and leaves as much again behind. */
  stirred(): void {
    this.#thorough = FEW;
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#quiet);
  }

  #wait(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#whenQuiet(), QUIET).unref();
  }

  #whenQuiet(): void {
    if (this.#thorough < FEW) return;
    this.#thorough = 0;
    this.#partly = 0;
    this.#giveBack(true);
  }
}
