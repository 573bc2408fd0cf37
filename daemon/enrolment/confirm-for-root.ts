// Owns the first code that root types for a user: from then on the user has a second factor.

import { resolveAccount } from '../accounts/resolve-account.ts';
import { Fault } from '../kernel/fault.ts';
import { explanation } from '../login/words.ts';
import { ROOT, rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { stepAt } from '../verification/totp.ts';
import { alreadyEnrolled } from './begin.ts';
import { type Enrolled, enrol } from './enrol.ts';
import { type FirstCode, judgeFirst, noEnrolment, singleCode } from './first-code.ts';

/**
 * Confirms the secret that root was offered for a user.
 * @throws Fault `no-enrolment`, `malformed-code`, `enrolment-refused` (with the reason), `already-enrolled`
 */
export async function confirmForRoot(parts: Parts, name: string, typed: string): Promise<readonly string[]> {
  const { state, clock, pending, random, outbox } = parts;
  const who = await resolveAccount(parts, name);
  const secret = pending.of(who.uid, clock.elapsed());
  if (!secret) throw noEnrolment();
  state.assertRoom();
  const code = singleCode(typed);
  const { user, recoveryCodes } = await state.write((t): Enrolled => {
    const now = clock.now();
    const known = t.users.byUid(who.uid);
    if (known && t.factors.of(known.id)) throw alreadyEnrolled(who.name);
    const first = judgeFirst(code, secret, stepAt(now));
    if (first.kind !== 'right') throw refusedFirst(first);
    const enrolled = enrol(t, who, secret, first, now, { key: state.key(), random });
    t.audit.add(rowBy(ROOT, now, enrolled.user.name, 'enrolled', 'by-root'));
    notify(t, parts, enrolled.user, 'two-factor-on', { actor: ROOT.name });
    return enrolled;
  });
  pending.drop(who.uid);
  state.roster.record(user);
  outbox.kick();
  return recoveryCodes;
}

/** What is said to who enrols with a code that is not right. */
export function refusedFirst(first: Exclude<FirstCode, { kind: 'right' }>): Fault {
  const why = first.kind === 'off' ? explanation(first.code, null, first.seconds).text : null;
  return new Fault(
    'enrolment-refused',
    why ?? 'This is not the code that an app with this secret shows now.',
    why ? 'Nothing was changed.' : 'Scan the QR code again, wait for the next code, and type that one.',
  );
}
