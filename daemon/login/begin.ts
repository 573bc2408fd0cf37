// Owns the first question of a login: the password was right, what now?

import { type Identity, identify, stateDenial } from '../accounts/identify.ts';
import { personOf } from '../accounts/person.ts';
import { look as lookAtDevice } from '../devices/recognise.ts';
import type { TrustEnd } from '../devices/standing.ts';
import { type Instant, toRfc3339 } from '../kernel/instant.ts';
import { needsGroups, type Requirement, requirement } from '../policy/requirement.ts';
import { isRecentReset } from '../recovery/recent-reset.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import type { Lane } from '../verification/throttle.ts';
import { sourceOf } from '../verification/turns.ts';
import type { BeginBody, Denial } from '../wire/login.ts';
import { type ByDevice, byDevice } from './by-device.ts';
import type { NewLogin } from './challenge.ts';
import { type Admission, admit } from './decision.ts';
import { type Face, faceOf } from './face.ts';
import { recordDenial } from './record-denial.ts';

export type Beginning =
  | { readonly kind: 'admission'; readonly admission: Admission }
  | (Face & {
      readonly kind: 'challenge';
      readonly login: string;
      readonly expires: Instant;
      /** Why the device that was trusted is not any more. */
      readonly trustEnded: TrustEnd | null;
    })
  | { readonly kind: 'enrol'; readonly login: string; readonly expires: Instant }
  | { readonly kind: 'deny'; readonly because: Denial };

/**
 * Decides whether a user whose password was right comes in at once, has to answer, has to enrol, or stays out.
 * Nothing that is missing or broken is taken for "not enrolled".
 * @throws Fault `store-unavailable`, `too-many-logins`
 */
export async function begin(parts: Parts, body: BeginBody): Promise<Beginning> {
  const identity = await identify(parts.state, parts.directory, body.user, body.uid);
  const denial = stateDenial(parts.state, body.user);
  if (denial) return { kind: 'deny', because: denial };
  if (identity.kind === 'deny') {
    await recordDenial(parts, body, identity.because);
    return { kind: 'deny', because: identity.because };
  }
  const trusted = identity.kind === 'user' ? await byDevice(parts, body, identity.user.id) : null;
  if (trusted) return { kind: 'admission', admission: allowDevice(trusted) };
  const found = parts.state.read((t) => look(parts, t, body, identity));
  if (found.kind === 'challenge') return found;
  return withoutFactor(parts, body, identity, found.login);
}

type Found =
  | Extract<Beginning, { kind: 'challenge' }>
  | { readonly kind: 'no-factor'; readonly login: NewLogin };
type Somebody = Exclude<Identity, { kind: 'deny' }>;

/** Who has a factor is challenged; for anybody else, what a login of his would be. */
function look(parts: Parts, t: Tables, body: BeginBody, identity: Somebody): Found {
  const { clock, logins } = parts;
  const now = clock.now();
  const user = identity.kind === 'user' ? (t.users.byId(identity.user.id) ?? identity.user) : null;
  const factor = user && t.factors.of(user.id);
  const device = deviceOf(parts, t, user, body.deviceToken);
  const login = newLogin(t, body, identity, user, device, factor ? 'challenge' : 'enrol', now);
  if (!user || !factor) return { kind: 'no-factor', login };
  const opened = logins.open(login, now, clock.elapsed());
  const face = faceOf(parts, t, user.id, factor, login.lane, now);
  const { expires, trustEnded } = opened;
  return { kind: 'challenge', login: opened.id, ...face, expires, trustEnded };
}

function newLogin(
  t: Tables,
  body: BeginBody,
  identity: Somebody,
  user: User | null,
  device: Pick<NewLogin, 'lane' | 'trustEnded'>,
  kind: NewLogin['kind'],
  now: Instant,
): NewLogin {
  const { name, uid } = identity.kind === 'user' ? identity.user : identity.account;
  return {
    kind,
    user: name,
    uid,
    givenName: body.user,
    userId: user?.id ?? null,
    account: identity.account,
    generation: { user: user?.generation ?? 0, policy: t.policies.current(now).version },
    service: body.service,
    address: body.remoteAddress ?? null,
    userAgent: body.userAgent ?? null,
    locale: body.locale ?? null,
    ...device,
    source: sourceOf(body.remoteAddress),
  };
}

/** Which lane the browser's token earns where it does not exempt, and why it does not any more. */
function deviceOf(
  { state, clock, config }: Parts,
  t: Tables,
  user: User | null,
  token: string | undefined,
): { readonly lane: Lane; readonly trustEnded: TrustEnd | null } {
  const days = config.limits.trustedDeviceDays;
  const present = { now: clock.now(), clock: clock.trust(), days, key: state.key() };
  const seen = user ? lookAtDevice(t, user, token, present) : { kind: 'nothing' as const };
  switch (seen.kind) {
    case 'ended':
      return { lane: seen.known ? 'known' : 'strangers', trustEnded: seen.end };
    case 'theft':
    case 'nothing':
      return { lane: 'strangers', trustEnded: null };
    case 'known':
    case 'trusted':
      return { lane: 'known', trustEnded: null };
  }
}

function allowDevice({ user, verdict, successor }: ByDevice): Admission {
  const next = successor && { deviceToken: successor.token, deviceExpires: toRfc3339(successor.expires) };
  return admit(verdict, { outcome: 'allow', user, because: 'trusted-device', ...next });
}

/**
 * Somebody who has no factor: in, in for now, or in when he has enrolled. Grace is written when it begins. Where the
 * policy hangs on groups that nobody knows, he stays out: he may have to.
 */
async function withoutFactor(
  parts: Parts,
  body: BeginBody,
  identity: Somebody,
  login: NewLogin,
): Promise<Beginning> {
  const { state, clock, logins } = parts;
  const askGroups = needsGroups(state.read((t) => t.policies.current(clock.now())));
  const person = await personOf(parts, { name: login.user, uid: login.uid }, identity.account, askGroups);
  const decided = await state.write((t) => {
    const now = clock.now();
    t.policies.settle(now);
    const policy = t.policies.current(now);
    // The policy changed while the directory was asked, or came into force: the login is looked at anew.
    if (policy.version !== login.generation.policy) return null;
    const known = t.users.byName(login.user) ?? t.users.byUid(login.uid);
    // Somebody enrolled him while NSS was asked: then this is not the login of a user without a factor.
    if (known && (known.generation !== login.generation.user || t.factors.of(known.id))) return null;
    const required = requirement(policy, { ...person, graceFrom: known?.graceFrom ?? null }, now);
    let user = known;
    if (required.kind === 'grace' && required.from !== known?.graceFrom) {
      user = t.users.save({ ...(known ?? t.users.add(login.user, login.uid)), graceFrom: required.from });
    }
    // Whoever has the mailbox alone would enrol a phone of his own.
    const recent =
      required.kind === 'required' && known !== null && isRecentReset(t.passwordResets.at(known.id), now);
    if (required.kind !== 'required' || recent) t.audit.add(rowOf(body, login.user, required.kind, now));
    return { required, recent, begun: user !== known ? user : null };
  }, 'now');
  if (!decided) return begin(parts, body);
  if (decided.begun) state.roster.record(decided.begun);
  if (decided.required.kind === 'unknown') return { kind: 'deny', because: 'directory-unavailable' };
  if (decided.recent) return { kind: 'deny', because: 'recent-reset' };
  if (decided.required.kind === 'required') {
    const opened = logins.open(login, clock.now(), clock.elapsed());
    return { kind: 'enrol', login: opened.id, expires: opened.expires };
  }
  return { kind: 'admission', admission: allow(login.user, decided.required) };
}

type Allowing = Exclude<Requirement, { kind: 'required' | 'unknown' }>;

function allow(user: string, required: Allowing): Admission {
  const because = required.kind === 'not-required' ? 'not-enrolled' : required.kind;
  const enrolBy = required.kind === 'grace' ? { enrolBy: toRfc3339(required.until) } : {};
  return admit(required.verdict, { outcome: 'allow', user, because, ...enrolBy });
}

/** `required` is decided here only where the mailbox alone would have to be believed. */
function rowOf(body: BeginBody, user: string, kind: Requirement['kind'], at: Instant) {
  const row = { at, user, service: body.service, address: body.remoteAddress ?? null };
  if (kind === 'required') return { ...row, outcome: 'deny', because: 'recent-reset' };
  // His groups decide whether he has to, and nobody knows them now.
  if (kind === 'unknown') return { ...row, outcome: 'deny', because: 'directory-unavailable' };
  return { ...row, outcome: 'allow', because: kind === 'not-required' ? 'not-enrolled' : kind };
}
