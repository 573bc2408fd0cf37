// Owns switching the synchronisation of the system clock, through the set-clock role only.

import { type Actor, rowBy } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import { readAutomaticOutcome } from '../wire/time.ts';
import { notSet } from './correct.ts';

/** Switches automatic synchronisation. @throws Fault `clock-not-set`, `store-unavailable` */
export async function setAutomatic(parts: Parts, on: boolean, actor: Actor): Promise<void> {
  const { state, clock, timekeeping } = parts;
  await state.write(
    (t) => t.audit.add(rowBy(actor, clock.now(), actor.name, 'clock-auto', on ? 'on' : 'off')),
    'now',
  );
  const answer = readAutomaticOutcome(await timekeeping.setClock.automatic(on).catch(() => null));
  if (answer?.outcome !== 'done') throw notSet(answer?.outcome ?? 'failed');
}
