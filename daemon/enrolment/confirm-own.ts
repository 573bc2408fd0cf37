// Owns the first code of a signed-in user's own new secret: from then on it counts, and one it replaces does not.

import { endDevices } from '../devices/trust.ts';
import { Fault } from '../kernel/fault.ts';
import { rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { throttleColumns, throttleStateOf } from '../verification/stored.ts';
import { stepAt } from '../verification/totp.ts';
import { refusedFirst } from './confirm-for-root.ts';
import { enrol } from './enrol.ts';
import { judgeFirst, noEnrolment, singleCode } from './first-code.ts';

/**
 * Confirms the secret that he was offered. Everything the old factor gave ends; the count of wrong codes goes on, so
 * that a new phone gives nobody new guesses.
 * @throws Fault `no-enrolment` (none, expired, or somebody enrolled or reset the account since), `malformed-code`,
 * `enrolment-refused` with the reason
 */
export async function confirmOwn(parts: Parts, caller: Caller, typed: string): Promise<readonly string[]> {
  const { state, clock, ownPending, stepUps, random, outbox } = parts;
  state.assertRoom();
  const code = singleCode(typed);
  const pause = stepUps.pause(caller.uid, clock.elapsed());
  if (pause > 0) throw tooMany();
  const decided = await state.write((t) => {
    const now = clock.now();
    const known = t.users.byUid(caller.uid);
    const secret = ownPending.of(caller.uid, clock.elapsed(), known?.generation ?? 0);
    if (!secret) throw noEnrolment();
    const first = judgeFirst(code, secret, stepAt(now));
    if (first.kind !== 'right') {
      t.audit.add(rowBy(caller, now, caller.name, 'refused', 'wrong-code'));
      return { first } as const;
    }
    const old = known && t.factors.of(known.id);
    if (old) {
      t.factors.remove(old.user);
      t.recoveryCodes.clear(old.user);
      endDevices(t, known, now, 'phone-replaced');
    }
    const enrolled = enrol(t, caller, secret, first, now, { key: state.key(), random });
    const added = t.factors.of(enrolled.user.id);
    if (old && added) t.factors.save({ ...added, ...throttleColumns(throttleStateOf(old)) });
    t.audit.add(rowBy(caller, now, enrolled.user.name, old ? 'phone-replaced' : 'enrolled', 'by-user'));
    const event = old ? 'phone-replaced' : 'two-factor-on';
    notify(t, parts, enrolled.user, event, { address: caller.address });
    return { enrolled } as const;
  });
  if (decided.first) {
    stepUps.missed(caller.uid, clock.elapsed());
    throw refusedFirst(decided.first);
  }
  const { user, recoveryCodes } = decided.enrolled ?? unreachable();
  ownPending.drop(caller.uid);
  state.roster.record(user);
  outbox.kick();
  return recoveryCodes;
}

function tooMany(): Fault {
  return new Fault(
    'enrolment-refused',
    'Many codes in a row were wrong, so the next one is not looked at yet.',
    'Wait five seconds, then type the code that the app shows; or ask for a new secret.',
  );
}

function unreachable(): never {
  throw new Fault('internal', 'An enrolment was neither refused nor made.', 'Report this.');
}
