// Owns putting the system clock right, through the set-clock role only.

import { Fault } from '../kernel/fault.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import { readSetOutcome, type SetOutcome } from '../wire/time.ts';
import { noQuorum, rootOnly } from './accept.ts';
import { check } from './measure.ts';

export interface Correction {
  /** By how much the system clock was moved, s. */
  readonly movedSeconds: number;
  readonly rtc: SetOutcome['rtc'];
}

/**
 * Steps the system clock to the measured time, or, forced by root, by an offset that root has spelled out.
 * @param offsetSeconds `null` for what the servers say
 * @throws Fault `root-only` for an offset from anybody but root, `clock-no-quorum`, `clock-not-set`, `store-unavailable`
 */
export async function setClock(
  parts: Parts,
  offsetSeconds: number | null,
  actor: Actor,
): Promise<Correction> {
  if (offsetSeconds !== null && actor.kind !== 'root') throw rootOnly();
  const { state, timekeeping } = parts;
  const { clock, setClock: role } = timekeeping;
  const wallEpoch = () => clock.wall() - clock.elapsed();
  const before = wallEpoch();
  const epoch = offsetSeconds === null ? await measuredEpoch(parts) : before + offsetSeconds * 1000;
  const moved = (epoch - before) / 1000;
  await state.write((t) => {
    const because = `${offsetSeconds === null ? 'measured' : 'forced'}=${moved.toFixed(3)}s`;
    t.audit.add(rowBy(actor, clock.now(), actor.name, 'clock-set', because));
  }, 'now');
  const answer = readSetOutcome(await role.set(epoch).catch(() => null));
  if (answer?.outcome !== 'set') throw notSet(answer?.outcome ?? 'failed');
  clock.watch();
  return { movedSeconds: moved, rtc: answer.rtc };
}

/** Asks the servers now. Under an alarm their time is not believed, so the clock is not set by it. */
async function measuredEpoch({ timekeeping }: Parts): Promise<number> {
  const { quorum } = await check(timekeeping);
  if (quorum === null || timekeeping.clock.standing().alarm !== null) throw noQuorum();
  return quorum.epoch;
}

const REASONS: Readonly<Record<'not-permitted' | 'refused' | 'failed', string>> = {
  'not-permitted': 'The daemon may not set the clock of this machine.',
  refused: 'A daemon that was started with --root leaves the clock of its machine alone.',
  failed: 'The system did not do it.',
};

/** For a system clock that the role did not touch. */
export function notSet(outcome: keyof typeof REASONS | 'set' | 'done'): Fault {
  const reason = outcome === 'set' || outcome === 'done' ? REASONS.failed : REASONS[outcome];
  return new Fault(
    'clock-not-set',
    `${reason} The clock is as it was; codes are judged by the corrected time all the same.`,
    'Try it by hand as root: timedatectl set-ntp true, or timedatectl set-time "2026-11-24 10:00".',
  );
}
