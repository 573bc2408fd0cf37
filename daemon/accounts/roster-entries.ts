// Owns the entries of the roster in memory: columns in order of name, a third of what ten thousand objects in two
// maps take, because every idle daemon holds them.

export interface RosterEntry {
  readonly name: string;
  readonly uid: number;
  /** Never lower than the database's when all is well; a lower one there means an older database. */
  readonly counter: number;
}

export class RosterEntries {
  readonly #names: string[] = [];
  readonly #uids: number[] = [];
  readonly #counters: number[] = [];

  byName(name: string): RosterEntry | null {
    const at = this.#placeOf(name);
    return this.#names[at] === name ? this.#at(at) : null;
  }

  /** A file that cannot be authenticated may give one uid to two names: then either stands for it. */
  byUid(uid: number): RosterEntry | null {
    const at = this.#uids.indexOf(uid);
    return at < 0 ? null : this.#at(at);
  }

  /** All of them, in order of name, one after the other. */
  *[Symbol.iterator](): Generator<RosterEntry> {
    for (let at = 0; at < this.#names.length; at++) yield this.#at(at);
  }

  /** In place of the one of that name, or in addition. */
  put({ name, uid, counter }: RosterEntry): void {
    const at = this.#placeOf(name);
    const replaced = this.#names[at] === name ? 1 : 0;
    this.#names.splice(at, replaced, name);
    this.#uids.splice(at, replaced, uid);
    this.#counters.splice(at, replaced, counter);
  }

  remove(name: string): void {
    const at = this.#placeOf(name);
    if (this.#names[at] !== name) return;
    for (const column of [this.#names, this.#uids, this.#counters]) column.splice(at, 1);
  }

  #at(at: number): RosterEntry {
    return {
      name: this.#names[at] as string,
      uid: this.#uids[at] as number,
      counter: this.#counters[at] as number,
    };
  }

  /** Where a name is, or where it would have to be. */
  #placeOf(name: string): number {
    let [low, high] = [0, this.#names.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#names[middle] as string) < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
