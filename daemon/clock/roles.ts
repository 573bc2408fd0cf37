// Owns what the core asks of the two helpers for the clock. What they answer is hostile until wire/time.ts has read it.

import type { NtpServer } from './server.ts';

/** May use the network and read the kernel's clock; knows nothing of the state. */
export interface TimeRole {
  /** Asks each server once. The answer should be a TimeReport; it comes within some 5 s, or rejects. */
  measure(servers: readonly NtpServer[]): Promise<unknown>;
}

/** May set the system clock and switch its synchronisation. */
export interface SetClockRole {
  /** Sets system and real-time clock. @param epoch true time minus elapsed time. The answer should be a SetOutcome. */
  set(epoch: number): Promise<unknown>;
  /** The answer should be an AutomaticOutcome. */
  automatic(on: boolean): Promise<unknown>;
}
