// Owns root's word that the present quorum is the truth, against what the daemon knew.

import { Fault } from '../kernel/fault.ts';
import { type Instant, instant, later } from '../kernel/instant.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import { stepAt } from '../verification/totp.ts';
import { RELEASED } from './corrected.ts';
import { check } from './measure.ts';
import type { Quorum } from './quorum.ts';

/**
 * Checks now and takes the quorum for the truth. Where that undoes what was known, the floor moves there, only steps
 * that begin later count for anybody, and two codes are asked for first: codes of the time that comes again are old.
 * @throws Fault `root-only` from anybody but root, `clock-no-quorum`, `store-unavailable`
 */
export async function acceptQuorum(parts: Parts, actor: Actor): Promise<void> {
  if (actor.kind !== 'root') throw rootOnly();
  const { state, timekeeping } = parts;
  const { clock } = timekeeping;
  const { quorum } = await check(timekeeping);
  if (quorum === null) throw noQuorum();
  // Taken by the check itself: there is nothing to overrule.
  if (clock.standing().alarm === null) return;
  const now = timeOf(quorum, clock.elapsed());
  if (now < RELEASED) throw beforeRelease();
  await state.putFloor(instant(now - quorum.bound), (t) => {
    t.factors.startAt(stepAt(later(now, quorum.bound)) + 1);
    t.audit.add(rowBy(actor, now, actor.name, 'clock-accepted', `${quorum.agreeing}-servers-agree`));
    // Should the commit fail, the floor is where it was, and the clock lets go of a quorum below it.
    clock.accept(quorum);
  });
}

function timeOf({ epoch }: Quorum, elapsed: number): Instant {
  return instant(epoch + elapsed);
}

export function noQuorum(): Fault {
  return new Fault(
    'clock-no-quorum',
    'Not enough time servers agree (three, and more than half of those configured), so nobody can say what the right time is. Nothing was changed.',
    'See which of them answer: fygo-2fa clock show. To set the clock by your own watch: fygo-2fa clock set --offset SECONDS --force.',
  );
}

/** For what only somebody with a terminal on the NAS may say of the time. */
export function rootOnly(): Fault {
  return new Fault(
    'root-only',
    'Only root may say what the time is: it decides which codes count. The clock is as it was.',
    'On the NAS: fygo-2fa clock check --accept, or fygo-2fa clock set --offset SECONDS --force.',
  );
}

function beforeRelease(): Fault {
  return new Fault(
    'clock-no-quorum',
    'The time servers agree on a time before this program was made, so they are wrong, all of them. Nothing was changed.',
    'Look at [clock] servers in config.toml and at who answers on this network.',
  );
}
