// Owns the second step of somebody who is signed in and has lost his phone: a mailed code, good for a new phone only.

import { later } from '../kernel/instant.ts';
import { isRecentReset } from '../recovery/recent-reset.ts';
import { type Judged, judgeMailed } from '../recovery/spend-mailed.ts';
import { rowBy } from '../service/actor.ts';
import type { Caller } from '../service/caller.ts';
import type { Parts } from '../service/parts.ts';
import { refusal } from './outcome.ts';
import type { SteppingUp } from './step-up.ts';
import { STEP_UP_LIVES } from './step-ups.ts';

/** Judges one code; what it changes is on the medium before this resolves. @throws Fault `store-unavailable` */
export async function stepUpByMail(parts: Parts, caller: Caller, typed: string): Promise<SteppingUp> {
  const { state, clock, stepUps } = parts;
  const pause = stepUps.pause(caller.uid, clock.elapsed());
  if (pause > 0) return { kind: 'wait', retryAfter: pause };
  const decided = await state.write((t) => {
    const now = clock.now();
    const user = t.users.byUid(caller.uid);
    const none: Judged = { kind: 'refused', because: 'expired-code' };
    const shut = !user || !t.factors.of(user.id) || isRecentReset(t.passwordResets.at(user.id), now);
    const judged = shut
      ? none
      : judgeMailed(t, { kind: 'replace-phone', id: `${user.id}`, typed }, now, state.key());
    if (user && judged.kind === 'right') {
      t.audit.add(rowBy(caller, now, user.name, 'step-up', 'emergency-code'));
      return { generation: user.generation } as const;
    }
    const because = judged.kind === 'refused' ? judged.because : none.because;
    if (user && because === 'wrong-code') {
      t.audit.add(rowBy(caller, now, user.name, 'refused', `step-up: ${because}`));
    }
    return { because } as const;
  }, 'now');
  if (decided.because) {
    stepUps.missed(caller.uid, clock.elapsed());
    return refusal(decided.because);
  }
  const token = stepUps.grant(caller.uid, decided.generation, clock.elapsed(), 'replace-phone');
  return { kind: 'granted', token, expires: later(clock.now(), STEP_UP_LIVES) };
}
