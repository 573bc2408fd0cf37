// Owns what the second-step page is told of an open login: what begin told the pipeline, as it is now.

import type { Instant, Millis } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import { demand } from '../verification/verify.ts';
import type { Form, Method } from '../wire/login.ts';
import { methodsNow } from './methods.ts';
import { type Refusal, refusal } from './outcome.ts';
import { movedOn, userOf } from './settle.ts';

export type Shown =
  | {
      readonly kind: 'challenge';
      readonly methods: Method[];
      readonly form: Form;
      readonly retryAfter: Millis;
      readonly expires: Instant;
    }
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
    const { expires } = login;
    if (login.kind === 'enrol') return { kind: 'enrol', expires };
    const factor = user && t.factors.of(user.id);
    if (!user || !factor) return refusal('login-changed');
    const { form, suspended, wait } = demand(factor, login.lane, now, clock.trust());
    const methods = methodsNow(suspended, state.roster.sound ? t.recoveryCodes.left(user.id, now) : 0);
    return { kind: 'challenge', methods, form, retryAfter: wait, expires };
  });
}
