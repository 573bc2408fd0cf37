// Owns the offer of a new secret: to somebody whose login requires it, or to root for a user.

import { resolveAccount } from '../accounts/resolve-account.ts';
import { Fault } from '../kernel/fault.ts';
import type { Secret } from '../kernel/secret.ts';
import { type Refusal, refusal } from '../login/outcome.ts';
import { movedOn, userOf } from '../login/settle.ts';
import type { Parts } from '../service/parts.ts';
import { newSecret } from '../verification/totp.ts';
import type { EnrolmentOffer } from '../wire/login.ts';
import { base32, otpauthUri } from './otpauth.ts';
import { qrSvg, qrText } from './qr.ts';

export type Offered = { readonly kind: 'offer'; readonly offer: EnrolmentOffer } | Refusal;

/**
 * A secret for the user of a login that requires enrolment; asking again makes a new one.
 * @throws Fault `unknown-login`, `already-enrolled`, `store-full`, `store-read-only`
 */
export async function beginForLogin(
  parts: Parts,
  body: { readonly login: string; readonly user: string },
): Promise<Offered> {
  const { state, clock, logins, random } = parts;
  const login = logins.find(body.login, body.user, clock.elapsed());
  if (login.state !== 'open') return refusal('used-code');
  if (state.read((t) => movedOn(t, login, userOf(t, login), clock.now()))) return refusal('login-changed');
  if (login.kind !== 'enrol') throw alreadyEnrolled(login.user);
  state.assertRoom();
  login.offered = newSecret(random);
  return { kind: 'offer', offer: await offerOf(parts, login.user, login.offered) };
}

/**
 * A secret for a user who has none, on root's word.
 * @throws Fault `unknown-user`, `already-enrolled`, `identity-changed`, `state-lost`, `directory-unavailable`, `store-full`,
 * `store-read-only`
 */
export async function beginForRoot(parts: Parts, name: string): Promise<EnrolmentOffer> {
  const { state, clock, pending, random } = parts;
  const { name: canonical, uid } = await resolveAccount(parts, name);
  const enrolled = state.read((t) => {
    const user = t.users.byUid(uid);
    return user !== null && t.factors.of(user.id) !== null;
  });
  if (enrolled) throw alreadyEnrolled(canonical);
  state.assertRoom();
  const secret = newSecret(random);
  pending.offer(uid, secret, clock.elapsed());
  return offerOf(parts, canonical, secret);
}

/** What a person or an app needs of a secret. The account names the host, so that two NASes do not collide. */
export async function offerOf(
  { host, config }: Parts,
  user: string,
  secret: Secret,
): Promise<EnrolmentOffer> {
  const label = { issuer: config.brand.issuer, account: `${user}@${host}` };
  const key = base32(secret.reveal());
  const uri = otpauthUri(label, key);
  return { ...label, secret: key, uri, qrSvg: await qrSvg(uri), qrText: await qrText(uri) };
}

export function alreadyEnrolled(user: string): Fault {
  return new Fault(
    'already-enrolled',
    `${user} uses two-factor already; the secret on the phone stays as it is.`,
    `To start over, take it away first: fygo-2fa user reset ${user} --reason "…".`,
  );
}
