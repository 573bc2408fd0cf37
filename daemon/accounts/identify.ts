// Owns the question who a name is: one of ours, an account we know nothing of, or somebody to be refused.

import type { State } from '../store/state.ts';
import type { User } from '../store/users.ts';
import type { Denial } from '../wire/login.ts';
import type { Account } from './account.ts';
import type { CachedDirectory } from './cache.ts';

export type Identity =
  /** A row of ours. `account` is what NSS last said, if it ever did. */
  | { readonly kind: 'user'; readonly user: User; readonly account: Account | null }
  /** An account that NSS knows and we do not. */
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'deny'; readonly because: Denial };

/** Is the whole state there? Otherwise what to say to this name. */
export function stateDenial(state: State, name: string): Denial | null {
  const problem = state.problem();
  if (!problem) return null;
  if (problem.code === 'key-missing') return 'key-missing';
  return problem.code === 'state-lost' && state.roster.byName(name) ? 'state-lost' : 'store-unavailable';
}

/**
 * An enrolled exact name never waits for NSS. Any other name is resolved to its canonical name and uid, and
 * those are looked up again before anything is concluded, so that `Alice`, `DOMAIN\\alice` or a second name of
 * one uid does not get around a factor.
 */
export async function identify(
  state: State,
  directory: CachedDirectory,
  name: string,
  claimedUid: number | undefined,
): Promise<Identity> {
  const denial = stateDenial(state, name);
  if (denial) return { kind: 'deny', because: denial };
  const exact = state.read((t) => {
    const user = t.users.byName(name);
    return user && { user, enrolled: t.factors.of(user.id) !== null };
  });
  if (exact?.enrolled) {
    const account = directory.peek(name);
    directory.refresh(name);
    return known(state, exact.user, account, claimedUid);
  }
  const found = await directory.resolve(name);
  if (found.kind === 'found') return canonical(state, directory, found.account, claimedUid);
  // NSS says "unknown" also when its backend is away: whoever we know stays as last known.
  const user = stateDenial(state, name) ? null : state.read((t) => t.users.byName(name));
  if (user) return known(state, user, directory.peek(name), claimedUid);
  if (state.roster.byName(name)) return { kind: 'deny', because: 'state-lost' };
  return { kind: 'deny', because: found.kind === 'unknown' ? 'unknown-user' : 'directory-unavailable' };
}

async function canonical(
  state: State,
  directory: CachedDirectory,
  account: Account,
  claimedUid: number | undefined,
): Promise<Identity> {
  const denied: Identity = { kind: 'deny', because: 'identity-changed' };
  if (claimedUid !== undefined && claimedUid !== account.uid) return denied;
  const look = () =>
    state.read((t) => ({ byName: t.users.byName(account.name), byUid: t.users.byUid(account.uid) }));
  let { byName, byUid } = look();
  if (byName) return known(state, byName, account, claimedUid);
  if (state.roster.byName(account.name)) return { kind: 'deny', because: 'state-lost' };
  if (byUid) {
    // Another name of the same uid is the same person; a uid that was given to somebody new is not.
    const old = await directory.resolve(byUid.name);
    const denial = stateDenial(state, account.name);
    if (denial) return { kind: 'deny', because: denial };
    ({ byName, byUid } = look());
    if (byName) return known(state, byName, account, claimedUid);
    const gone = old.kind === 'unknown' || (old.kind === 'found' && old.account.uid !== byUid?.uid);
    if (byUid) return gone ? denied : known(state, byUid, account, claimedUid);
  }
  // Again for the name: the answer to a question about another one was awaited.
  if (state.roster.byName(account.name) || state.roster.byUid(account.uid)) {
    return { kind: 'deny', because: 'state-lost' };
  }
  return { kind: 'account', account };
}

function known(state: State, user: User, account: Account | null, claimedUid: number | undefined): Identity {
  const moved = account !== null && account.uid !== user.uid;
  if (moved || (claimedUid !== undefined && claimedUid !== user.uid)) {
    return { kind: 'deny', because: 'identity-changed' };
  }
  // The roster has come further than the database: what this row says is out of date (see reconcile).
  const entry = state.roster.byName(user.name);
  if (entry && entry.counter > user.counter) return { kind: 'deny', because: 'state-lost' };
  return { kind: 'user', user, account };
}
