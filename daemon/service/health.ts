// Owns the health of the daemon: what works, what does not, what that means and what to do about it.

import { rememberedPerson } from '../accounts/person.ts';
import { Fault, type FaultCode } from '../kernel/fault.ts';
import { type Instant, type Millis, SECOND } from '../kernel/instant.ts';
import { coverage, type PolicyRule } from '../policy/requirement.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import type { Status } from '../wire/admin.ts';
import type { WarningCode } from '../wire/warning.ts';
import { type MailHealth, mailHealth } from './mail-health.ts';
import type { Parts } from './parts.ts';

type Warning = Status['warnings'][number] & { readonly code: WarningCode | FaultCode };

/** Can logins be judged at all? */
export function isUp({ state }: Parts): boolean {
  return state.problem() === null;
}

/** The whole health in one document. Never throws: a broken daemon is what it has to describe. */
export function health(parts: Parts): Status {
  const { state, timekeeping, version } = parts;
  const { counted, problem } = look(parts);
  const standing = timekeeping.clock.standing();
  const warnings: Warning[] = [];
  if (problem) {
    const { code, message, hint } = problem;
    warnings.push({ code, severity: 'critical', text: message, hint });
  }
  warnings.push(...rosterWarnings(parts), ...storeWarnings(parts), ...clockWarnings(parts));
  warnings.push(...(counted?.mail.warnings ?? []));
  const status = problem ? 'down' : warnings.length > 0 ? 'degraded' : 'healthy';
  return {
    state: status,
    line: lineOf(counted?.users ?? null, warnings),
    version,
    clock: {
      state: standing.state,
      offsetSeconds: seconds(timekeeping.clock.offset()),
      boundSeconds: seconds(standing.bound),
      serversAgreeing: timekeeping.last?.agreeing ?? 0,
      servers: timekeeping.servers.length,
    },
    users: counted?.users ?? { known: 0, enrolled: 0, required: 0, notReady: 0 },
    mail: counted?.mail.mail ?? { configured: false, working: false, queued: 0 },
    store: { writable: state.writable(), schema: state.schema() },
    warnings,
  };
}

type Counts = Status['users'];

interface Counted {
  readonly users: Counts;
  readonly mail: MailHealth;
}

/** The numbers, or why there are none: a database that opened may still fail to be read. */
function look(parts: Parts): { counted: Counted | null; problem: Fault | null } {
  const { state, clock } = parts;
  try {
    return { counted: state.read((t) => count(parts, t, clock.now())), problem: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { counted: null, problem: error };
  }
}

function count(parts: Parts, t: Tables, now: Instant): Counted {
  const policy = t.policies.current(now);
  const known = t.users.count();
  const mail = mailHealth(t, now);
  const users = {
    known,
    enrolled: t.factors.count(),
    required:
      policy.scope === 'none' ? 0 : t.users.all().filter((user) => isMeant(parts, policy, user)).length,
    notReady: mail.notReady,
  };
  return { users, mail };
}

/** As far as is remembered: health asks nobody. Who may be meant counts. */
function isMeant(parts: Parts, policy: PolicyRule, user: User): boolean {
  const covered = coverage(policy, rememberedPerson(parts, user));
  return covered === 'inside' || covered === 'unknown';
}

function lineOf(counts: Counts | null, warnings: readonly Warning[]): string {
  if (!counts) return `nobody can be judged: ${warnings[0]?.code ?? 'unknown'}`;
  const parts = [`${counts.enrolled} of ${counts.known} users enrolled`];
  if (counts.notReady > 0) parts.push(`${counts.notReady} could not get back in without their phone`);
  if (warnings.length > 0) parts.push(`${warnings.length} warning${warnings.length === 1 ? '' : 's'}`);
  return parts.join(', ');
}

function rosterWarnings({ state }: Parts): Warning[] {
  const { roster } = state;
  const warnings: Warning[] = [];
  if (!roster.sound && state.problem() === null) {
    warnings.push({
      code: 'roster-unwritable',
      severity: 'critical',
      text: 'The roster cannot be written, so nobody can enrol and no recovery code can be used.',
      hint: 'Make /etc/fygo-2fa writable for the daemon and check its free space.',
    });
  }
  if (roster.hasBroken()) {
    warnings.push({
      code: 'roster-invalid',
      severity: 'critical',
      text: 'The roster was not written by this daemon, or was damaged. Its names were kept; a new one was written.',
      hint: 'Find out who changed roster.broken beside it, then remove that file.',
    });
  }
  return warnings;
}

function storeWarnings({ state }: Parts): Warning[] {
  if (state.problem() !== null) return [];
  return [...recoveryWarnings(state.recovered()), ...mediumWarnings(state)];
}

function mediumWarnings(state: Parts['state']): Warning[] {
  const full: Warning[] = state.full()
    ? [
        {
          code: 'store-full',
          severity: 'critical',
          text: 'The medium that holds the state is full. Logins go on; nobody can enrol.',
          hint: 'Free at least 1 MiB on it.',
        },
      ]
    : [];
  if (state.shadowed()) {
    return [
      {
        code: 'store-read-only',
        severity: 'critical',
        text: 'The medium that holds the state takes no writes. Logins go on, kept in memory only; enrolments and settings are refused. If the NAS restarts now, recovery codes end and everybody needs two codes in a row.',
        hint: 'Save the state with "fygo-2fa backup FILE" on another medium, replace this one, then restore.',
      },
    ];
  }
  if (state.writable()) return full;
  return [
    ...full,
    {
      code: 'store-unwritable',
      severity: 'critical',
      text: 'The last change did not reach the medium, so the logins that waited for it were refused.',
      hint: 'Check free space and the health of the medium that holds the state folder.',
    },
  ];
}

/** @param note what the recovery wrote down: `{"takenAt", "lost"}` */
function recoveryWarnings(note: string | null): Warning[] {
  if (note === null) return [];
  const { takenAt, lost } = readRecovery(note);
  const who =
    lost.length > 0 ? ` Lost: ${lost.join(', ')}, who had enrolled since; they are locked out.` : '';
  return [
    {
      code: 'store-recovered',
      severity: 'critical',
      text: `The database was damaged or gone, so the daemon's own backup of ${takenAt} took its place. What changed since is lost: settings, new phones, the audit log.${who}`,
      hint: 'Check the medium. Reset who is locked out: fygo-2fa user reset NAME --delete. Then remove recovered.json and state.db.damaged in the state folder.',
    },
  ];
}

/** Somebody may have changed the file; then it is still there. */
function readRecovery(note: string): { readonly takenAt: string; readonly lost: readonly string[] } {
  try {
    const { takenAt, lost } = JSON.parse(note) as { takenAt?: unknown; lost?: unknown };
    return { takenAt: String(takenAt), lost: Array.isArray(lost) ? lost.map(String) : [] };
  } catch {
    return { takenAt: 'an earlier moment', lost: [] };
  }
}

/** An offset that a person may see on a file or a log line. */
const VISIBLE: Millis = 2 * SECOND;

function clockWarnings({ timekeeping }: Parts): Warning[] {
  const { clock, last, servers } = timekeeping;
  const { alarm, state, taken } = clock.standing();
  const answering = last?.servers.filter(({ exchange }) => exchange?.outcome === 'time').length ?? 0;
  if (clock.trust() === 'below-floor') {
    return [
      {
        code: 'clock-below-floor',
        severity: 'critical',
        text: 'The system clock shows a time that is known to be past, so one code is not enough to log in.',
        hint: 'Set the time (timedatectl set-time) or connect the NAS to time servers. Until then: three codes in a row, or a recovery code.',
      },
    ];
  }
  if (alarm !== null) {
    return [
      {
        code: 'clock-alarm',
        severity: 'critical',
        text: `The time servers agree on a time that cannot be (${alarm === 'jumped' ? 'it jumped' : 'it is known to be past'}), so it is not believed: somebody may be forging it.`,
        hint: 'See "fygo-2fa clock show" and compare with a clock you trust. If the servers are right: fygo-2fa clock check --accept.',
      },
    ];
  }
  const warnings: Warning[] = [];
  if (state === 'holdover') {
    warnings.push({
      code: 'clock-holdover',
      severity: 'warning',
      text: `Not enough time servers agree any more (${answering} of ${servers.length} answer), so the time runs on from when they last did; codes are judged as before.`,
      hint: 'See whether the NAS reaches the internet, and which servers answer: fygo-2fa clock show.',
    });
  }
  if (state === 'unsynchronised' && last !== null) {
    warnings.push({
      code: 'clock-unsynchronised',
      severity: 'warning',
      text: `Not enough time servers agree (${answering} of ${servers.length} answer), so codes are judged by the clock of this machine. If it is wrong, right codes are refused.`,
      hint: 'See whether the NAS reaches the internet, or name a time server of your own in config.toml.',
    });
  }
  if (taken !== null && Math.abs(clock.offset() ?? 0) > VISIBLE) {
    warnings.push({
      code: 'clock-off',
      severity: 'warning',
      text: `The system clock is ${Math.abs((clock.offset() ?? 0) / SECOND).toFixed(0)} s ${(clock.offset() ?? 0) > 0 ? 'fast' : 'slow'}. Logins are judged by the right time all the same; files and logs are not.`,
      hint: 'Put it right: fygo-2fa clock set, and keep it so: fygo-2fa clock auto on.',
    });
  }
  return warnings;
}

/** To the tenth of a millisecond. */
function seconds(ms: Millis | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10_000;
}
