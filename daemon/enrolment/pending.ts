// Owns the secrets that were offered through root's command line and are not confirmed yet. In memory only.

import { MINUTE, type Millis } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';

const LIVES: Millis = 15 * MINUTE;
const MOST = 256;

interface Offered {
  readonly secret: Secret;
  readonly at: Millis;
}

/** One a user; a new offer replaces the one before. */
export class PendingEnrolments {
  readonly #byUid = new Map<number, Offered>();

  offer(uid: number, secret: Secret, elapsed: Millis): void {
    this.#byUid.delete(uid);
    const [oldest] = this.#byUid.keys();
    if (this.#byUid.size >= MOST && oldest !== undefined) this.#byUid.delete(oldest);
    this.#byUid.set(uid, { secret, at: elapsed });
  }

  /** The secret that waits for its first code; `null` when there is none or it is too old. */
  of(uid: number, elapsed: Millis): Secret | null {
    const offered = this.#byUid.get(uid);
    return offered && elapsed - offered.at < LIVES ? offered.secret : null;
  }

  drop(uid: number): void {
    this.#byUid.delete(uid);
  }
}
