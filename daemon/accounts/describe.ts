// Owns what root sees of users.

import { countTrusted } from '../devices/trust.ts';
import type { Instant } from '../kernel/instant.ts';
import { toRfc3339 } from '../kernel/instant.ts';
import { methodsNow } from '../login/methods.ts';
import { masked } from '../mail/address.ts';
import { type Person, type Requirement, requirement } from '../policy/requirement.ts';
import { mailboxOf } from '../recovery/mailbox.ts';
import { isReady } from '../recovery/readiness.ts';
import type { Parts } from '../service/parts.ts';
import type { Factor } from '../store/factors.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { demand } from '../verification/verify.ts';
import type { UserDocument } from '../wire/admin.ts';
import type { Account } from './account.ts';
import { peopleInReach } from './people.ts';
import { personOf, rememberedPerson } from './person.ts';
import { resolveAccount } from './resolve-account.ts';

/** One user, whether or not the daemon has a row of him. @throws Fault as `resolveAccount` */
export async function describeUser(parts: Parts, name: string): Promise<UserDocument> {
  const who = await resolveAccount(parts, name);
  const found = await parts.directory.resolve(who.name);
  const account = found.kind === 'found' ? found.account : null;
  const person = await personOf(parts, who, account, true);
  return parts.state.read((t) => describe(parts, t, { person, user: t.users.byUid(who.uid), account }));
}

/** Everybody the daemon has a row of, everybody the directory lists who can log in, and whoever is lost. */
export async function describeUsers(parts: Parts): Promise<UserDocument[]> {
  const { state, directory } = parts;
  const { people } = await peopleInReach(parts, { users: [], groups: [] });
  return state.read((t) => {
    const rows = t.users.all();
    const known = rows.map((user) => {
      const now = people.find(({ name }) => name === user.name) ?? people.find(({ uid }) => uid === user.uid);
      // A row keeps its own name and uid, whoever has them now.
      const person = { ...(now ?? rememberedPerson(parts, user)), name: user.name, uid: user.uid };
      return describe(parts, t, { person, user, account: directory.peek(user.name) });
    });
    const uids = new Set(rows.map(({ uid }) => uid));
    const taken = new Set(rows.map(({ name }) => name));
    const others = people
      .filter(({ name, uid }) => !uids.has(uid) && !taken.has(name))
      .map((person) => describe(parts, t, { person, user: null, account: null }));
    const names = new Set([...known, ...others].map(({ name }) => name));
    const lost = state.roster
      .entries()
      .filter(({ name }) => !names.has(name))
      .map((entry) =>
        describe(parts, t, { person: rememberedPerson(parts, entry), user: null, account: null }),
      );
    return [...known, ...others, ...lost].sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

interface Seen {
  readonly person: Person;
  readonly user: User | null;
  /** What the directory last said of the name. */
  readonly account: Account | null;
}

function describe(parts: Parts, t: Tables, seen: Seen): UserDocument {
  const { clock } = parts;
  const { person, user } = seen;
  const now = clock.now();
  const factor = user && t.factors.of(user.id);
  const policy = t.policies.current(now);
  const required = requirement(policy, { ...person, graceFrom: user?.graceFrom ?? null }, now);
  const asked = factor && demand(factor, 'strangers', now, clock.trust());
  const left = user ? t.recoveryCodes.left(user.id, now) : 0;
  const mailbox = user && mailboxOf(t, user.id, now);
  const mailable = mailbox !== null && mailbox.closed === null;
  return {
    name: person.name,
    uid: person.uid,
    state: stateOf(parts, seen, factor),
    administrator: person.administrator === true,
    // Where nobody knows his groups now, he may have to.
    required: required.kind !== 'not-required' && required.kind !== 'exempt',
    methods: asked ? methodsNow(asked.suspended, left, mailable) : [],
    enrolledAt: factor ? toRfc3339(factor.enrolledAt) : null,
    lastLogin: factor?.lastLogin != null ? toRfc3339(factor.lastLogin) : null,
    recoveryCodes: left,
    securityEmail: shownOf(t, user),
    trustedDevices: user ? countTrusted(t, user, now, parts.config.limits.trustedDeviceDays) : 0,
    ready: factor !== null && user !== null && isReady(t, user.id, now),
    pass: passOf(t, user, now),
    driftSteps: factor?.drift ?? 0,
    failures: { strangers: factor?.strangersFailures ?? 0, knownDevices: factor?.knownFailures ?? 0 },
    form: asked?.form ?? 'single',
    totpSuspended: asked?.suspended ?? false,
    enrolBy: factor ? null : enrolBy(required, user),
  };
}

function stateOf({ state }: Parts, seen: Seen, factor: Factor | null): UserDocument['state'] {
  const entry = state.roster.byName(seen.person.name);
  if (entry && entry.counter > (seen.user?.counter ?? -1)) return 'state-lost';
  if (seen.account && seen.user && seen.account.uid !== seen.user.uid) return 'identity-changed';
  if (seen.user?.removedAt != null || seen.user?.missingSince != null) return 'removed';
  return factor ? 'enrolled' : 'not-enrolled';
}

function shownOf(t: Tables, user: User | null): UserDocument['securityEmail'] {
  const { address = null, pending = null } = (user && t.securityEmails.of(user.id)) ?? {};
  const shown = (text: string | null) => (text === null ? null : masked(text));
  return { address: shown(address), confirmed: address !== null, pending: shown(pending) };
}

function passOf(t: Tables, user: User | null, now: Instant): string | null {
  const until = user && t.recoveryCodes.passUntil(user.id);
  return until !== null && until > now ? toRfc3339(until) : null;
}

function enrolBy(required: Requirement, user: User | null): string | null {
  // Grace begins at the first login in scope: before that there is no date.
  return required.kind === 'grace' && user?.graceFrom != null ? toRfc3339(required.until) : null;
}
