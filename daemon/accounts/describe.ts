// Owns what root sees of users.

import type { Instant } from '../kernel/instant.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import { methodsNow } from '../login/methods.ts';
import { inScope, type Requirement, requirement } from '../policy/requirement.ts';
import type { Parts } from '../service/parts.ts';
import type { Factor } from '../store/factors.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { demand } from '../verification/verify.ts';
import type { UserDocument } from '../wire/admin.ts';
import { type Account, isAdministrator, isLoginAccount } from './account.ts';
import { resolveAccount } from './resolve-account.ts';

/** One user, whether or not the daemon has a row of him. @throws Fault as `resolveAccount` */
export async function describeUser(parts: Parts, name: string): Promise<UserDocument> {
  const who = await resolveAccount(parts, name);
  const account = await lastKnown(parts, who.name);
  const administrator = account ? await isAdmin(parts, account) : who.uid === 0;
  return parts.state.read((t) => {
    const user = t.users.byUid(who.uid);
    return describe(parts, t, { name: who.name, uid: who.uid, user, account, administrator });
  });
}

/** Everybody the daemon has a row of, everybody the directory lists who can log in, and whoever is lost. */
export async function describeUsers(parts: Parts): Promise<UserDocument[]> {
  const { state, directory } = parts;
  const listed = (await directory.list().catch(() => [])).filter(isLoginAccount);
  const byUid = new Map(listed.map((account) => [account.uid, account]));
  const admins = new Set<number>();
  for (const account of listed) if (await isAdmin(parts, account)) admins.add(account.uid);
  return state.read((t) => {
    const rows = t.users.all();
    const known = rows.map((user) => {
      const account = byUid.get(user.uid) ?? directory.peek(user.name);
      const administrator = admins.has(user.uid) || user.uid === 0;
      return describe(parts, t, { name: user.name, uid: user.uid, user, account, administrator });
    });
    const uids = new Set(rows.map(({ uid }) => uid));
    const taken = new Set(rows.map(({ name }) => name));
    const others = listed
      .filter(({ name, uid }) => !uids.has(uid) && !taken.has(name))
      .map((account) => {
        const administrator = admins.has(account.uid);
        return describe(parts, t, {
          name: account.name,
          uid: account.uid,
          user: null,
          account,
          administrator,
        });
      });
    const names = new Set([...known, ...others].map(({ name }) => name));
    const lost = state.roster
      .entries()
      .filter(({ name }) => !names.has(name))
      .map(({ name, uid }) =>
        describe(parts, t, {
          name,
          uid,
          user: null,
          account: directory.peek(name),
          administrator: uid === 0,
        }),
      );
    return [...known, ...others, ...lost].sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

interface Seen {
  readonly name: string;
  readonly uid: number;
  readonly user: User | null;
  readonly account: Account | null;
  readonly administrator: boolean;
}

function describe(parts: Parts, t: Tables, seen: Seen): UserDocument {
  const { clock } = parts;
  const now = clock.now();
  const factor = seen.user && t.factors.of(seen.user.id);
  const policy = t.policies.current();
  const loginAccount = seen.account ? isLoginAccount(seen.account) : true;
  const required = requirement(policy, { loginAccount, graceFrom: seen.user?.graceFrom ?? null }, now);
  const asked = factor && demand(factor, 'strangers', now, clock.trust());
  const left = seen.user ? t.recoveryCodes.left(seen.user.id, now) : 0;
  return {
    name: seen.name,
    uid: seen.uid,
    state: stateOf(parts, seen, factor),
    administrator: seen.administrator,
    required: inScope(policy, { loginAccount }),
    methods: asked ? methodsNow(asked.suspended, left) : [],
    enrolledAt: factor ? toRfc3339(factor.enrolledAt) : null,
    lastLogin: factor?.lastLogin != null ? toRfc3339(factor.lastLogin) : null,
    recoveryCodes: left,
    pass: passOf(t, seen.user, now),
    driftSteps: factor?.drift ?? 0,
    failures: { strangers: factor?.strangersFailures ?? 0, knownDevices: factor?.knownFailures ?? 0 },
    form: asked?.form ?? 'single',
    totpSuspended: asked?.suspended ?? false,
    enrolBy: factor ? null : enrolBy(required, seen.user),
  };
}

function stateOf({ state }: Parts, seen: Seen, factor: Factor | null): UserDocument['state'] {
  const entry = state.roster.byName(seen.name);
  if (entry && entry.counter > (seen.user?.counter ?? -1)) return 'state-lost';
  if (seen.account && seen.user && seen.account.uid !== seen.user.uid) return 'identity-changed';
  if (seen.user?.removedAt != null) return 'removed';
  return factor ? 'enrolled' : 'not-enrolled';
}

function passOf(t: Tables, user: User | null, now: Instant): string | null {
  const until = user && t.recoveryCodes.passUntil(user.id);
  return until !== null && until > now ? toRfc3339(until) : null;
}

function enrolBy(required: Requirement, user: User | null): string | null {
  // Grace begins at the first login in scope: before that there is no date.
  return required.kind === 'grace' && user?.graceFrom != null ? toRfc3339(required.until) : null;
}

async function lastKnown({ directory }: Parts, name: string): Promise<Account | null> {
  const found = await directory.resolve(name);
  return found.kind === 'found' ? found.account : null;
}

async function isAdmin({ directory, config }: Parts, account: Account): Promise<boolean> {
  const groups = await directory.groups(account).catch(() => []);
  return isAdministrator(account, groups, config.accounts.administratorGroups);
}
