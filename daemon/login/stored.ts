// Owns the login that waits for a mailed code: how it is stored, and how it comes back after a restart.

import { type Instant, MINUTE } from '../kernel/instant.ts';
import { subjectOf } from '../recovery/mailed-code.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import { LOGIN_LIVES, type Login, unknownLogin } from './challenge.ts';

/** Stores a login of a user with a factor; to be called in the transaction that mails its code. */
export function storeLogin(t: Tables, login: Login, user: number, now: Instant): void {
  const { generation, givenName, service, address, userAgent, locale, lane, source, expires } = login;
  t.storedLogins.put(
    {
      login: subjectOf('emergency', login.id),
      user,
      generation: generation.user,
      policy: generation.policy,
      givenName,
      service,
      address,
      userAgent,
      locale,
      lane: lane === 'known' ? 'known' : 'strangers',
      source,
      expiresAt: expires,
    },
    now,
  );
}

/** It is over, or its code is. */
export function forgetLogin(t: Tables, login: Login): void {
  t.storedLogins.remove(subjectOf('emergency', login.id));
}

/**
 * The open login with this ID, from memory or as it was stored.
 * @throws Fault `unknown-login` as `Logins.find`; `store-unavailable`
 */
export function findLogin(
  { state, clock, logins, directory }: Parts,
  { login: id, user: name }: { readonly login: string; readonly user: string },
): Login {
  if (logins.has(id)) return logins.find(id, name, clock.elapsed());
  const now = clock.now();
  const found = state.read((t) => {
    const stored = t.storedLogins.of(subjectOf('emergency', id));
    const user = stored && t.users.byId(stored.user);
    return stored && user ? { stored, user } : null;
  });
  if (!found) throw unknownLogin();
  const { stored, user } = found;
  const left = stored.expiresAt - now;
  const mine = name === user.name || name === stored.givenName;
  // One that lives longer than any login was begun by a clock in the future; a minute, and it was put back a little.
  if (!mine || left <= 0 || left > LOGIN_LIVES + MINUTE) throw unknownLogin();
  const { generation, policy, givenName, service, address, userAgent, locale, lane, source } = stored;
  const login = {
    kind: 'challenge',
    user: user.name,
    uid: user.uid,
    givenName,
    userId: user.id,
    account: directory.peek(user.name),
    generation: { user: generation, policy },
    service,
    address,
    userAgent,
    locale,
    lane,
    source,
    trustEnded: null,
  } as const;
  return logins.restore(login, id, stored.expiresAt, now, clock.elapsed());
}
