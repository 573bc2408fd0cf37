// Owns what is remembered between two checks of the clock, and the parts that a check works with.

import type { Millis } from '../kernel/instant.ts';
import type { ExchangeReport, Keeper, KernelReport, ServerVerdict } from '../wire/time.ts';
import type { CorrectedClock } from './corrected.ts';
import { Kisses } from './kisses.ts';
import type { Quorum } from './quorum.ts';
import type { SetClockRole, TimeRole } from './roles.ts';
import type { NtpServer } from './server.ts';

export interface ServerReport {
  readonly server: NtpServer;
  readonly verdict: ServerVerdict;
  /** `null` where it was not asked. */
  readonly exchange: ExchangeReport | null;
}

/** What a check found. */
export interface Check {
  readonly at: Millis;
  readonly servers: readonly ServerReport[];
  readonly agreeing: number;
  readonly quorum: Quorum | null;
  readonly kernel: KernelReport | null;
  readonly keeper: Keeper;
}

export class Timekeeping {
  readonly clock: CorrectedClock;
  readonly role: TimeRole;
  readonly setClock: SetClockRole;
  readonly servers: readonly NtpServer[];
  readonly kisses = new Kisses();
  /** The last check, `null` before the first has ended. */
  last: Check | null = null;
  /** Checks in a row that took no quorum. */
  failures = 0;
  /** The check that is under way: who asks meanwhile waits for it. */
  running: Promise<Check> | null = null;

  constructor(clock: CorrectedClock, role: TimeRole, setClock: SetClockRole, servers: readonly NtpServer[]) {
    this.clock = clock;
    this.role = role;
    this.setClock = setClock;
    this.servers = servers;
  }
}
