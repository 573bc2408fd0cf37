// Owns what every way of completing a login does in its transaction: the audit row, and on the page the redemption.

import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/instant.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import type { NoticeCode } from '../wire/login.ts';
import type { Generation, Login } from './challenge.ts';
import type { Channel } from './outcome.ts';

/** What is stored of a login's ID or a proof. Both are 256 random bits, so a plain hash hides them. */
export function fingerprint(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

/** Has what the login remembers of its user moved on? `user`: the row as it is now, `null` for none. */
export function movedOn(t: Tables, { generation }: Login, user: User | null, now: Instant): boolean {
  const is: Generation = { user: user?.generation ?? 0, policy: t.policies.current(now).version };
  return is.user !== generation.user || is.policy !== generation.policy;
}

/** The row of who logs in; `null` when there is none, or none any more. */
export function userOf(t: Tables, login: Login): User | null {
  return login.userId === null ? t.users.byUid(login.uid) : t.users.byId(login.userId);
}

export function auditRow(login: Login, at: Instant, outcome: string, because: string | null) {
  return { at, user: login.user, service: login.service, address: login.address, outcome, because };
}

/** Writes down a completed login; on the page also what the pipeline will redeem with `proof`. */
export function settle(
  t: Tables,
  login: Login,
  user: User,
  now: Instant,
  how: {
    readonly method: string;
    readonly channel: Channel;
    readonly proof: string;
    readonly notice: NoticeCode | null;
    /** The device that the person trusts from now on. */
    readonly device: number | null;
  },
): void {
  t.audit.add(auditRow(login, now, how.channel === 'page' ? 'completed' : 'accepted', how.method));
  if (how.channel === 'pipeline') return;
  const redemption = {
    login: fingerprint(login.id),
    proof: fingerprint(how.proof),
    user: user.id,
    generation: user.generation,
    policy: t.policies.current(now).version,
    givenName: login.givenName,
    service: login.service,
    address: login.address,
    notice: how.notice,
    expiresAt: login.expires,
    device: how.device,
  };
  t.redemptions.add(redemption, now);
}
