// Owns what the second-step page is told of an open login: what begin told the pipeline, as it is now.

import type { TrustEnd } from '../devices/standing.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import { type Face, faceOf } from './face.ts';
import { type Refusal, refusal } from './outcome.ts';
import { movedOn, userOf } from './settle.ts';

export type Shown =
  | (Face & {
      readonly kind: 'challenge';
      readonly expires: Instant;
      readonly trustEnded: TrustEnd | null;
    })
  | { readonly kind: 'enrol'; readonly expires: Instant }
  | Refusal;

/**
 * Looks and changes nothing: a page that is reloaded asks again. Whoever holds the login's ID was told as much when it
 * was begun. @throws Fault `unknown-login`, `store-unavailable`
 */
export function showLogin(parts: Parts, body: { readonly login: string; readonly user: string }): Shown {
  const { state, clock, logins } = parts;
  const login = logins.find(body.login, body.user, clock.elapsed());
  if (login.state !== 'open') return refusal('used-code');
  return state.read((t): Shown => {
    const now = clock.now();
    const user = userOf(t, login);
    if (movedOn(t, login, user, now)) return refusal('login-changed');
    const { expires, trustEnded } = login;
    if (login.kind === 'enrol') return { kind: 'enrol', expires };
    const factor = user && t.factors.of(user.id);
    if (!user || !factor) return refusal('login-changed');
    return { kind: 'challenge', ...faceOf(parts, t, user.id, factor, login.lane, now), expires, trustEnded };
  });
}
