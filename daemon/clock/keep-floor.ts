// Owns keeping the time that is known to be past: hourly, and when the daemon stops.

import { Fault } from '../kernel/fault.ts';
import type { Parts } from '../service/parts.ts';

/** Raises the persisted floor, where a quorum allows it. A medium that does not take it is told by the health. */
export async function keepFloor({ state }: Pick<Parts, 'state'>): Promise<void> {
  try {
    await state.keepFloor();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
