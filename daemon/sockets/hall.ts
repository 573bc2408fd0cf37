// Owns the connections that have no place yet: those that said nothing, and those that spoke and wait. They cost little and take nobody's place.

import type { Seat } from './seat.ts';
import { isWhole } from './whole.ts';

/** What a hall is made of. */
export interface HallParts {
  /** How many it holds. */
  readonly most: number;
  /** How many bytes those may have sent in all who wait. */
  readonly mostBytes: number;
  /**
   * Gives a place to one who has spoken; `false` where there is none at present. `whole`: a request is there from
   * its first byte to its last.
   */
  readonly seat: (guest: Seat, first: Buffer, whole: boolean) => boolean;
}

/**
 * A connection gets a place with its first byte. Until then nothing is made for it, so that a crowd that says nothing
 * shuts nobody out who does; of a full hall leaves the user's who has most of it, the one that had most time to speak.
 */
export class Hall {
  readonly #parts: HallParts;
  /** By user, in the order of their coming. */
  readonly #guests = new Map<number, Set<Seat>>();
  #size = 0;
  /** In the order of their first bytes, with them; those with a whole request go first. */
  readonly #whole = new Map<Seat, Buffer>();
  readonly #half = new Map<Seat, Buffer>();
  #bytes = 0;

  constructor(parts: HallParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= this.#parts.most;
  }

  *guests(): Iterable<Seat> {
    for (const guests of this.#guests.values()) yield* guests;
  }

  /** Lets somebody in, who may be made to leave again for the next. */
  receive(guest: Seat): void {
    if (this.full) this.#makeRoom(guest.uid);
    const { socket, uid } = guest;
    this.#guests.set(uid, (this.#guests.get(uid) ?? new Set()).add(guest));
    this.#size++;
    const gone = () => guest.end();
    socket.on('error', gone);
    socket.once('end', gone);
    socket.once('close', () => this.#leave(guest));
    socket.once('data', (first: Buffer) => {
      socket.off('end', gone);
      const whole = isWhole(first);
      if (this.#parts.seat(guest, first, whole)) this.#leave(guest);
      else this.#keep(guest, first, whole);
    });
  }

  /** Seats those who wait, as far as there are places. */
  admit(): void {
    for (const [waiting, whole] of [
      [this.#whole, true],
      [this.#half, false],
    ] as const) {
      const refused = new Set<number>();
      for (const [guest, first] of waiting) {
        if (refused.has(guest.uid)) continue;
        if (!this.#parts.seat(guest, first, whole)) refused.add(guest.uid);
        else {
          this.#leave(guest);
          guest.socket.resume();
        }
      }
    }
  }

  #keep(guest: Seat, first: Buffer, whole: boolean): void {
    guest.waits();
    if (this.#bytes + first.length > this.#parts.mostBytes) guest.turnAway('overloaded', 'refused');
    else {
      guest.socket.pause();
      this.#bytes += first.length;
      (whole ? this.#whole : this.#half).set(guest, first);
    }
  }

  #makeRoom(uid: number): void {
    let heaviest = this.#guests.get(uid) ?? new Set<Seat>();
    for (const guests of this.#guests.values()) if (guests.size > heaviest.size) heaviest = guests;
    const [longest] = heaviest;
    if (longest === undefined) return;
    this.#leave(longest);
    longest.drop('evicted');
  }

  #leave(guest: Seat): void {
    const guests = this.#guests.get(guest.uid);
    if (!guests?.delete(guest)) return;
    this.#size--;
    if (guests.size === 0) this.#guests.delete(guest.uid);
    const waited = this.#whole.get(guest) ?? this.#half.get(guest);
    this.#bytes -= waited?.length ?? 0;
    this.#whole.delete(guest);
    this.#half.delete(guest);
  }
}
