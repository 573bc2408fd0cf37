// Owns setting a Security Email: the address waits until the code that is mailed to it was typed.

import { localeOf } from '../login/words.ts';
import { masked } from '../mail/address.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { type Caller, stepUpRequired } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import type { User } from '../store/users.ts';
import { securityAddress } from './address.ts';
import { mailCode } from './mail-code.ts';
import { type Mailed, post } from './posted.ts';

export interface AddressWanted {
  readonly address: string;
  /** The language of the letters. */
  readonly locale?: string | undefined;
}

/**
 * Mails a code to a new address of `who`. The address that counts so far goes on counting. Resolves within three seconds.
 * @throws Fault `malformed-address`, `store-unavailable`
 */
export async function setSecurityEmail(
  parts: Parts,
  who: { readonly name: string; readonly uid: number },
  wanted: AddressWanted,
  actor: Actor,
): Promise<Mailed> {
  const { state, clock, random, outbox } = parts;
  const address = securityAddress(wanted.address);
  let added: User | null = null;
  const mailing = await state.write((t) => {
    const now = clock.now();
    const known = t.users.byUid(who.uid);
    const user = known ?? t.users.add(who.name, who.uid);
    const locale = localeOf(wanted.locale ?? null) ?? t.securityEmails.of(user.id)?.locale ?? 'en';
    const from = actor.kind === 'user' ? actor.address : null;
    const asked = mailCode(
      t,
      {
        user,
        to: { address, locale },
        kind: 'confirm',
        id: `${user.id}`,
        lane: 'confirm',
        service: null,
        from,
      },
      now,
      { key: state.key(), random },
    );
    added = known ? null : user;
    if (asked.kind !== 'queued') return asked;
    t.securityEmails.pend(user.id, address, locale);
    t.audit.add(rowBy(actor, now, user.name, 'security-email-set', masked(address)));
    return asked;
  });
  if (added) state.roster.record(added);
  return post(outbox, mailing, masked(address));
}

/** The same for oneself: where he has a factor, with a fresh second step. @throws also Fault `step-up-required` */
export async function setOwnSecurityEmail(
  parts: Parts,
  caller: Caller,
  wanted: AddressWanted,
): Promise<Mailed> {
  requireStepUp(parts, caller);
  return setSecurityEmail(parts, caller, wanted, caller);
}

/** An address is a way in: whoever has a factor shows it. @throws Fault `step-up-required` */
export function requireStepUp({ state }: Parts, caller: Caller): void {
  const enrolled = state.read((t) => {
    const user = t.users.byUid(caller.uid);
    return user !== null && t.factors.of(user.id) !== null;
  });
  if (enrolled && !caller.steppedUp) throw stepUpRequired();
}
