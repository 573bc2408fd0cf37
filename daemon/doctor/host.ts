// Owns the judgement on the machine itself: space, kernel, clock, time zone. Pure.

import type { Finding } from './finding.ts';

const MIB = 2 ** 20;
/** What a full disk leaves of a board is decided before it is full. */
const LITTLE = 64 * MIB;
const NOTHING = 8 * MIB;

/** The oldest kernel that the sandbox is tested on: Debian 11's. */
const OLDEST = [5, 10] as const;

export interface Host {
  /** Free bytes, by folder; `null` where it is not there. */
  readonly free: ReadonlyMap<string, number | null>;
  /** As uname(2) says. */
  readonly kernel: string;
  /** Who keeps the system clock; `null` where nobody has looked yet. */
  readonly keeper: string | null;
  /** What `timedatectl show -p Timezone --value` printed, `null` where it could not be asked. */
  readonly timezone: string | null;
  /** Where /etc/localtime leads, or `null`. */
  readonly localtime: boolean;
}

export function hostFindings(host: Host): Finding[] {
  const findings: Finding[] = [];
  for (const [folder, bytes] of host.free) {
    if (bytes === null)
      findings.push({
        code: 'folder-missing',
        severity: 'critical',
        text: `${folder} is not there, or cannot be looked at.`,
        hint: 'Mount its medium, or make it: systemd-tmpfiles --create fygo-2fa.conf; then restart fygo-2fa.',
      });
    else if (bytes < LITTLE)
      findings.push({
        code: 'space-low',
        severity: bytes < NOTHING ? 'critical' : 'warning',
        text: `Only ${Math.floor(bytes / MIB)} MiB are free where ${folder} lies. When it is full, nobody can enrol.`,
        hint: `Make room there: du -xh ${folder} shows what takes it, df ${folder} which medium it is.`,
      });
  }
  const [major = 0, minor = 0] = host.kernel.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    findings.push({
      code: 'kernel-old',
      severity: 'warning',
      text: `The kernel ${host.kernel} is older than ${OLDEST.join('.')}, so parts of the sandbox may not be in force.`,
      hint: 'Update the system; until then see: systemd-analyze security fygo-2fa.service',
    });
  if (host.keeper === 'none')
    findings.push({
      code: 'clock-unkept',
      severity: 'warning',
      text: 'Nobody keeps the system clock right. Codes are judged by the corrected time all the same; files and logs are not.',
      hint: 'Switch it on: fygo-2fa clock auto on',
    });
  if (!host.localtime || host.timezone === '')
    findings.push({
      code: 'timezone-missing',
      severity: 'note',
      text: 'No time zone is set: times are shown in UTC. Codes do not depend on it.',
      hint: 'Set it: timedatectl set-timezone Europe/Berlin',
    });
  return findings;
}
