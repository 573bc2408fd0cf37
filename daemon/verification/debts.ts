// Owns guesses whose commit failed: they were paid for, so the next commit that succeeds writes them down.

interface Debt {
  units: number;
  failures: number;
}

/** What each user owes, in memory. A medium that fails now and then gives nobody a free guess. */
export class Debts {
  readonly #owed = new Map<number, Debt>();

  /** What has to be added to the user's stored throttle before it is judged by. */
  of(user: number): Readonly<Debt> {
    return this.#owed.get(user) ?? { units: 0, failures: 0 };
  }

  /** A guess of `units` that could not be written. */
  add(user: number, units: number): void {
    const debt = this.#owed.get(user) ?? { units: 0, failures: 0 };
    this.#owed.set(user, { units: debt.units + units, failures: debt.failures + 1 });
  }

  /** The debt was committed. */
  settle(user: number): void {
    this.#owed.delete(user);
  }
}
