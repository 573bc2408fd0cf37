// Owns a signed-in user's own secret: the offer of one, also in place of one he has.

import { type Caller, stepUpRequired } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import { newSecret } from '../verification/totp.ts';
import type { EnrolmentOffer } from '../wire/login.ts';
import { offerOf } from './begin.ts';

/**
 * A secret for himself. In place of a phone that he has it takes a fresh second step; the old phone counts until the
 * new secret is confirmed. @throws Fault `step-up-required`, `store-full`, `store-read-only`, `store-unavailable`
 */
export async function beginOwn(parts: Parts, caller: Caller): Promise<EnrolmentOffer> {
  const { state, clock, ownPending, random } = parts;
  const { generation, enrolled } = state.read((t) => {
    const user = t.users.byUid(caller.uid);
    return { generation: user?.generation ?? 0, enrolled: user !== null && t.factors.of(user.id) !== null };
  });
  if (enrolled && !caller.mayReplacePhone) throw stepUpRequired();
  state.assertRoom();
  const secret = newSecret(random);
  ownPending.offer(caller.uid, secret, clock.elapsed(), generation);
  return offerOf(parts, caller.name, secret);
}
