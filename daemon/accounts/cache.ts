// Owns what is remembered of a directory: short for speed, long for the time when it cannot answer.

import { type Millis, SECOND } from '../kernel/instant.ts';
import type { Account } from './account.ts';
import { type Directory, type Resolution, UNAVAILABLE } from './directory.ts';

export interface CachedDirectory extends Directory {
  /** Who a name meant when it was last found, however long ago; null where it never was. Does not wait. */
  peek(name: string): Account | null;
  /**
   * The groups as they are now, for what must take effect at the next login; as last known, at any age, where the
   * directory cannot answer. @throws Fault `directory-unavailable` where they were never known.
   */
  groupsNow(account: Account): Promise<readonly string[]>;
  /** The groups as last known, however long ago; null where they never were. Does not wait. */
  peekGroups(account: Account): readonly string[] | null;
  /** Looks a name up in the background, unless what is known of it is fresh or another is being looked up. */
  refresh(name: string): void;
}

/** How long something found is given without asking again. */
export const FRESH: Millis = 60 * SECOND;
/** How long "unknown" and "unavailable" are: a user who was just created should not wait. */
export const BRIEFLY: Millis = SECOND;

interface Remembered<T> {
  readonly value: T;
  /** Elapsed time at which the question was put. */
  readonly at: Millis;
}

/** A map that forgets what was used longest ago. */
class Recent<T> {
  readonly #most: number;
  readonly #items = new Map<string, Remembered<T>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Remembered<T> | undefined {
    const item = this.#items.get(key);
    if (item) {
      this.#items.delete(key);
      this.#items.set(key, item);
    }
    return item;
  }

  set(key: string, item: Remembered<T>): void {
    this.#items.delete(key);
    this.#items.set(key, item);
    const [oldest] = this.#items.keys();
    if (this.#items.size > this.#most && oldest !== undefined) this.#items.delete(oldest);
  }

  delete(key: string): void {
    this.#items.delete(key);
  }
}

/**
 * Remembers the answers of a directory. Where it is unavailable, accounts and groups are given as last known,
 * at any age; where it says `unknown`, that is the answer, but what was known stays: it may only be away.
 * @param elapsed time that really passed (Clock.elapsed)
 * @param most how many accounts, and how many memberships, are remembered
 */
export function createCachedDirectory(
  inner: Directory,
  elapsed: () => Millis,
  most = 4_096,
): CachedDirectory {
  const found = new Recent<Account>(most);
  // Kept apart, so that a flood of invented names pushes nothing out that is known.
  const missed = new Recent<Resolution>(Math.min(most, 256));
  const memberships = new Recent<readonly string[]>(most);

  const missing = (name: string, resolution: Resolution): Resolution => {
    const known = found.get(name);
    if (resolution.kind !== 'unavailable' || known === undefined) return resolution;
    return { kind: 'found', account: known.value, stale: true };
  };

  let refreshing = false;

  const resolve = async (name: string): Promise<Resolution> => {
    const at = elapsed();
    const known = found.get(name);
    if (known && at - known.at < FRESH) return { kind: 'found', account: known.value, stale: false };
    const miss = missed.get(name);
    if (miss && at - miss.at < BRIEFLY) return missing(name, miss.value);

    const answer = await inner.resolve(name).catch(() => UNAVAILABLE);
    if (answer.kind === 'found') {
      found.set(name, { value: answer.account, at });
      missed.delete(name);
      return answer;
    }
    missed.set(name, { value: answer, at });
    return missing(name, answer);
  };

  const keyOf = ({ uid, name }: Account) => `${uid} ${name}`;

  const groupsNow = async (account: Account): Promise<readonly string[]> => {
    const at = elapsed();
    const key = keyOf(account);
    const known = memberships.get(key);
    try {
      const answer = await inner.groups(account);
      memberships.set(key, { value: answer, at });
      return answer;
    } catch (error) {
      if (known) return known.value;
      throw error;
    }
  };

  const groups = async (account: Account): Promise<readonly string[]> => {
    const known = memberships.get(keyOf(account));
    return known && elapsed() - known.at < FRESH ? known.value : groupsNow(account);
  };

  return {
    resolve,
    groups,
    groupsNow,
    peekGroups: (account) => memberships.get(keyOf(account))?.value ?? null,
    group: (name) => inner.group(name).catch(() => UNAVAILABLE),
    list: () => inner.list(),
    peek: (name) => found.get(name)?.value ?? null,
    refresh: (name) => {
      // One at a time: a look-up is a program to start, and a rush of logins must not start one each.
      if (refreshing) return;
      refreshing = true;
      void resolve(name).finally(() => {
        refreshing = false;
      });
    },
  };
}
