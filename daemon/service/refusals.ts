// Owns what has just been said of somebody, so that saying it again costs no row.

import type { Millis } from '../kernel/instant.ts';

const MOST = 4_096;

export class Refusals {
  readonly #said = new Map<string, Millis>();

  /** Is it the first of its kind within `window`? Times are elapsed ones. */
  first(kind: string, elapsed: Millis, window: Millis): boolean {
    const at = this.#said.get(kind);
    if (at !== undefined && elapsed - at < window) return false;
    this.#said.delete(kind);
    const [oldest] = this.#said.keys();
    if (this.#said.size >= MOST && oldest !== undefined) this.#said.delete(oldest);
    this.#said.set(kind, elapsed);
    return true;
  }
}
