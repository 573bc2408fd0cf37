// Owns the tables policy and policy_name: who has to use two-factor, now and from a later moment.

import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../kernel/instant.ts';
import type { NamedUser, PolicyRule, Scope } from '../policy/requirement.ts';

export interface Policy extends PolicyRule {
  /** Rises by one with each change; names what was read in ETag and If-Match. */
  readonly version: number;
}

/** One that is not in force yet. */
export interface ComingPolicy extends Policy {
  readonly startsAt: Instant;
}

interface Row {
  readonly scope: Scope;
  readonly graceDays: number;
  readonly version: number;
  readonly startsAt: Instant | null;
}

type Stored = Policy & { readonly startsAt: Instant | null };

interface NameRow {
  readonly kind: 'user' | 'group' | 'except-user' | 'except-group';
  readonly name: string;
  readonly uid: number | null;
}

const IN_FORCE = 1;
const COMING = 2;

export class Policies {
  readonly #get;
  readonly #names;
  readonly #put;
  readonly #putName;
  readonly #delete;
  /** What was read, until it may have changed: each login asks several times. */
  readonly #read = new Map<number, Stored | null>();

  constructor(db: DatabaseSync) {
    this.#get = db.prepare(
      'SELECT scope, grace_days AS graceDays, version, starts_at AS startsAt FROM policy WHERE id = ?',
    );
    this.#names = db.prepare('SELECT kind, name, uid FROM policy_name WHERE policy = ? ORDER BY name');
    this.#delete = db.prepare('DELETE FROM policy WHERE id = ?');
    this.#put = db.prepare(
      'INSERT INTO policy (id, scope, grace_days, version, starts_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#putName = db.prepare('INSERT INTO policy_name (policy, kind, name, uid) VALUES (?, ?, ?, ?)');
  }

  /** The policy in force at `now`. A board without one is broken: it must not read as "nobody has to". */
  current(now: Instant): Policy {
    const coming = this.#stored(COMING);
    if (coming?.startsAt != null && coming.startsAt <= now) return plain(coming);
    const policy = this.#stored(IN_FORCE);
    if (!policy) throw new Error('the policy row is missing');
    return plain(policy);
  }

  /** The one that comes into force after `now`, if there is one. */
  coming(now: Instant): ComingPolicy | null {
    const coming = this.#stored(COMING);
    if (coming?.startsAt == null || coming.startsAt <= now) return null;
    return { ...plain(coming), startsAt: coming.startsAt };
  }

  /** Puts a policy in force; one that was to come is dropped. */
  put(policy: Policy, now: Instant): void {
    this.#drop(COMING);
    this.#write(IN_FORCE, policy, null, now);
  }

  /** Puts one down for later, in place of any that was to come; what is in force stays until then. */
  schedule(policy: Policy, startsAt: Instant, now: Instant): void {
    this.settle(now);
    this.#write(COMING, policy, startsAt, now);
  }

  /** Makes one whose moment has come the one in force, so that a clock set back cannot undo it. */
  settle(now: Instant): boolean {
    const coming = this.#stored(COMING);
    if (coming?.startsAt == null || coming.startsAt > now) return false;
    this.put(plain(coming), now);
    return true;
  }

  /** Forgets what was read; for whoever undoes a transaction. */
  forget(): void {
    this.#read.clear();
  }

  #stored(id: number): Stored | null {
    let stored = this.#read.get(id);
    if (stored === undefined) {
      stored = this.#load(id);
      this.#read.set(id, stored);
    }
    return stored;
  }

  #load(id: number): Stored | null {
    const row = this.#get.get(id) as Row | undefined;
    if (!row) return null;
    const names = this.#names.all(id) as unknown as NameRow[];
    const users = (kind: NameRow['kind']): NamedUser[] =>
      names.flatMap((one) =>
        one.kind === kind && one.uid !== null ? [{ name: one.name, uid: one.uid }] : [],
      );
    const groups = (kind: NameRow['kind']) =>
      names.filter((one) => one.kind === kind).map(({ name }) => name);
    return {
      ...row,
      users: users('user'),
      groups: groups('group'),
      exceptUsers: users('except-user'),
      exceptGroups: groups('except-group'),
    };
  }

  #drop(id: number): void {
    this.forget();
    this.#delete.run(id);
  }

  #write(id: number, policy: Policy, startsAt: Instant | null, now: Instant): void {
    this.#drop(id);
    this.#put.run(id, policy.scope, policy.graceDays, policy.version, startsAt, now);
    for (const { name, uid } of policy.users) this.#putName.run(id, 'user', name, uid);
    for (const { name, uid } of policy.exceptUsers) this.#putName.run(id, 'except-user', name, uid);
    for (const name of policy.groups) this.#putName.run(id, 'group', name, null);
    for (const name of policy.exceptGroups) this.#putName.run(id, 'except-group', name, null);
  }
}

function plain(policy: Policy): Policy {
  const { scope, users, groups, exceptUsers, exceptGroups, graceDays, version } = policy;
  return { scope, users, groups, exceptUsers, exceptGroups, graceDays, version };
}
