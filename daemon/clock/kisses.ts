// Owns how long a server that asked for less traffic is left alone (RFC 5905 §7.4).

import { DAY, MINUTE, type Millis } from '../kernel/instant.ts';

/** After the first RATE; doubled by each further one. */
const FIRST: Millis = 60 * MINUTE;
const LONGEST: Millis = DAY;

/** Which servers rest, in memory. A restart forgets it: one packet more. */
export class Kisses {
  readonly #resting = new Map<string, { readonly until: Millis; readonly pause: Millis }>();

  /** A server sent a kiss-of-death. Every code but RATE means "do not ask any more" and is heeded for a day. */
  kissed(server: string, code: string, at: Millis): void {
    const before = this.#resting.get(server)?.pause ?? FIRST / 2;
    const pause = code === 'RATE' ? Math.min(LONGEST, before * 2) : LONGEST;
    this.#resting.set(server, { until: at + pause, pause });
  }

  /** A server gave the time: its next RATE starts over. */
  answered(server: string): void {
    this.#resting.delete(server);
  }

  rests(server: string, at: Millis): boolean {
    const resting = this.#resting.get(server);
    return resting !== undefined && at < resting.until;
  }
}
