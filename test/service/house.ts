// Owns every part that use-cases are given, with a clock and a user directory that the test sets.

import type { TestContext } from 'node:test';
import type { Account } from '../../daemon/accounts/account.ts';
import { createCachedDirectory } from '../../daemon/accounts/cache.ts';
import { type Directory, unavailable } from '../../daemon/accounts/directory.ts';
import { CorrectedClock, RELEASED } from '../../daemon/clock/corrected.ts';
import { untouchedClock } from '../../daemon/clock/system-clock.ts';
import { Timekeeping } from '../../daemon/clock/timekeeping.ts';
import { loadConfig } from '../../daemon/config.ts';
import { PendingEnrolments } from '../../daemon/enrolment/pending.ts';
import type { ClockTrust, Instant } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { Logins } from '../../daemon/login/challenge.ts';
import { StepUps } from '../../daemon/login/step-ups.ts';
import { MailDesk } from '../../daemon/mail/desk.ts';
import { PostOffice } from '../../daemon/mail/post-office.ts';
import type { Parts } from '../../daemon/service/parts.ts';
import { Refusals } from '../../daemon/service/refusals.ts';
import { Debts } from '../../daemon/verification/debts.ts';
import { PAIR_SLOT, TRIPLE_SLOT, Turns } from '../../daemon/verification/turns.ts';
import type { MailRequest } from '../../daemon/wire/mail.ts';
import { type Board, makeBoard, NOW } from '../store/board.ts';

export interface House {
  readonly parts: Parts;
  readonly board: Board;
  /** What the clock says. */
  readonly clock: { now: Instant; trust: ClockTrust };
  /** What a time helper answers; by default nothing that is a report. */
  readonly helper: { answer: () => unknown };
  /** What the mail helper answers; by default nothing that is a reply. */
  readonly courier: { handle: (request: MailRequest) => Promise<unknown> };
  /** What NSS knows; `null` while it is away. Answers are remembered for no time at all. */
  readonly nss: { accounts: Account[] | null; groups: Record<string, string[]> };
}

export const person = (name: string, uid: number): Account => ({ name, uid, gid: 100, shell: '/bin/sh' });

/** A house with a new board, or with the one it is given. */
export async function makeHouse(t: TestContext, board: Board = makeBoard(t)): Promise<House> {
  const clock = { now: NOW, trust: 'plausible' as ClockTrust };
  const nss: House['nss'] = { accounts: [], groups: {} };
  const elapsed = () => board.time.elapsed;
  const directory: Directory = {
    resolve: async (name) => {
      if (nss.accounts === null) return { kind: 'unavailable' };
      const account = nss.accounts.find((one) => one.name === name.toLowerCase());
      return account ? { kind: 'found', account, stale: false } : { kind: 'unknown' };
    },
    groups: async ({ name }) => {
      if (nss.accounts === null) throw unavailable(`which groups user ${name} is in`);
      return nss.groups[name] ?? [];
    },
    group: async (name) => {
      if (nss.accounts === null) return { kind: 'unavailable' };
      const members = Object.keys(nss.groups).filter((user) => nss.groups[user]?.includes(name));
      return members.length > 0 ? { kind: 'found', name, members } : { kind: 'unknown' };
    },
    list: async () => {
      if (nss.accounts === null) throw unavailable('which users there are');
      return nss.accounts;
    },
  };
  const helper: House['helper'] = { answer: () => null };
  const courier: House['courier'] = { handle: async () => null };
  const corrected = new CorrectedClock({ wall: () => clock.now, elapsed }, () => RELEASED);
  const config = await loadConfig(null, 'config.toml');
  const role = { measure: async () => helper.answer() };
  let asked = 0;
  const base: Omit<Parts, 'outbox'> = {
    state: board.open({ lowest: () => corrected.lowest() }),
    clock: { now: () => clock.now, elapsed, trust: () => clock.trust },
    timekeeping: new Timekeeping(corrected, role, untouchedClock(), config.clock.servers),
    random: systemRandom,
    // Each question comes a day after the last one, so that nothing that is remembered is fresh.
    directory: createCachedDirectory(directory, () => (asked += 86_400_000)),
    logins: new Logins(1_000, systemRandom),
    pending: new PendingEnrolments(),
    ownPending: new PendingEnrolments(),
    stepUps: new StepUps(systemRandom),
    refusals: new Refusals(),
    turns: { pair: new Turns(PAIR_SLOT), triple: new Turns(TRIPLE_SLOT), searching: { busy: false } },
    debts: new Debts(),
    mail: new MailDesk({ handle: (request) => courier.handle(request) }),
    config,
    host: 'nas',
    version: '1.2.3',
  };
  const outbox = new PostOffice(base);
  t.after(() => outbox.close(0));
  const parts: Parts = { ...base, outbox };
  return { parts, board, clock, helper, nss, courier };
}
