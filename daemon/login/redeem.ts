// Owns the pipeline's claim on a login that was completed on the daemon's own page: once, with the browser's proof.

import { timingSafeEqual } from 'node:crypto';
import { standing } from '../devices/standing.ts';
import { issueTrusted } from '../devices/trust.ts';
import type { Instant } from '../kernel/instant.ts';
import { Verdict } from '../kernel/verdict.ts';
import type { Parts } from '../service/parts.ts';
import type { Redemption } from '../store/redemptions.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { NOTICES, type RefusalCode } from '../wire/login.ts';

import { accept, type Outcome, refusal } from './outcome.ts';
import { fingerprint } from './settle.ts';

/**
 * Lets in who completed the login on the page. Survives a restart of the daemon; a login answered on
 * login.sock has nothing to redeem.
 * @throws Fault `unknown-login`, `store-unavailable`
 */
export async function redeem(
  { state, clock, logins, random, config }: Parts,
  body: { readonly login: string; readonly user: string; readonly proof: string },
): Promise<Outcome> {
  const decided = await state.write((t) => {
    const stored = t.redemptions.of(fingerprint(body.login));
    const user = stored && t.users.byId(stored.user);
    if (!stored || !user || stored.expiresAt <= clock.now()) return null;
    if (body.user !== user.name && body.user !== stored.givenName) return null;
    const because = reasonAgainst(t, stored, user, body.proof, clock.now());
    const { service, address } = stored;
    const row = { at: clock.now(), user: user.name, service, address };
    t.audit.add({ ...row, outcome: because ? 'refused' : 'accepted', because: because ?? 'redeemed' });
    const device = because === null && stored.device !== null ? t.devices.byId(stored.device) : null;
    const is = device && standing(device, user, clock.now(), config.limits.trustedDeviceDays);
    const trusted =
      device && is?.kind === 'trusted'
        ? issueTrusted(t, user, device, is.until, { key: state.key(), random })
        : null;
    return { because, user, notice: stored.notice, trusted };
  }, 'now');
  if (!decided) {
    // Answered on this socket, or not answered yet: there is nothing to redeem. Anything else is unknown.
    const login = logins.find(body.login, body.user, clock.elapsed());
    return refusal(login.state === 'open' ? 'wrong-code' : 'used-code');
  }
  if (decided.because) return refusal(decided.because);
  const notice = NOTICES.find((known) => known === decided.notice) ?? null;
  return {
    kind: 'admission',
    admission: accept(new Verdict('redeemed'), state, decided.user, clock.now(), {
      notice,
      trusted: decided.trusted,
    }),
  };
}

function reasonAgainst(
  t: Tables,
  stored: Redemption,
  user: User,
  proof: string,
  now: Instant,
): RefusalCode | null {
  if (!timingSafeEqual(fingerprint(proof), stored.proof)) return 'wrong-code';
  if (stored.redeemed === 1) return 'used-code';
  if (stored.generation !== user.generation || stored.policy !== t.policies.current(now).version) {
    return 'login-changed';
  }
  return t.redemptions.redeem(stored.login) ? null : 'used-code';
}
