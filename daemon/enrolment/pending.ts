// Owns the secrets that were offered outside a login, to root or to a user himself, and are not confirmed yet. In memory only.

import { MINUTE, type Millis } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';

const LIVES: Millis = 15 * MINUTE;
const MOST = 256;

interface Offered {
  readonly secret: Secret;
  readonly at: Millis;
  readonly generation: number;
}

/** One a user; a new offer replaces the one before. */
export class PendingEnrolments {
  readonly #byUid = new Map<number, Offered>();

  /** @param generation the user's: where it has moved on, the offer is over */
  offer(uid: number, secret: Secret, elapsed: Millis, generation = 0): void {
    this.#byUid.delete(uid);
    const [oldest] = this.#byUid.keys();
    if (this.#byUid.size >= MOST && oldest !== undefined) this.#byUid.delete(oldest);
    this.#byUid.set(uid, { secret, at: elapsed, generation });
  }

  /** The secret that waits for its first code; `null` when there is none or it is too old. */
  of(uid: number, elapsed: Millis, generation = 0): Secret | null {
    const offered = this.#byUid.get(uid);
    if (offered?.generation !== generation || elapsed - offered.at >= LIVES) return null;
    return offered.secret;
  }

  drop(uid: number): void {
    this.#byUid.delete(uid);
  }
}
