// Owns the line of `systemctl status`: what a person wants to know at a glance, and what to do. Pure.

import { DAY, HOUR, MINUTE, type Millis } from '../kernel/instant.ts';
import type { Status } from '../wire/admin.ts';

/**
 * E.g. `clock +0.012 s (4 of 4 servers), 12 of 14 users enrolled, last login 3 min ago`.
 * @param lastLogin how long ago somebody was last let in; `null` where nobody was
 */
export function statusLine(status: Status, lastLogin: Millis | null): string {
  const { state, users, warnings } = status;
  const worst = warnings.find(({ severity }) => severity === 'critical');
  if (state === 'down') {
    return `logins cannot be judged (${worst?.code ?? 'unknown'}): ${worst?.hint ?? 'run fygo-2fa doctor'}`;
  }
  const parts = [clockOf(status), `${users.enrolled} of ${users.known} users enrolled`];
  const doctor: string[] = [];
  if (users.notReady > 0) doctor.push(`${users.notReady} could not get back in`);
  if (warnings.length > 0) doctor.push(`${warnings.length} warning${warnings.length === 1 ? '' : 's'}`);
  if (doctor.length > 0) parts.push(`${doctor.join(', ')} (run fygo-2fa doctor)`);
  if (worst !== undefined) parts.unshift(worst.code);
  parts.push(lastLogin === null ? 'no login yet' : `last login ${ago(lastLogin)}`);
  return parts.join(', ');
}

function clockOf({ clock }: Status): string {
  const { state, offsetSeconds, serversAgreeing, servers } = clock;
  const shown =
    offsetSeconds === null
      ? state
      : `${offsetSeconds < 0 ? '−' : '+'}${Math.abs(offsetSeconds).toFixed(3)} s`;
  return `clock ${shown} (${serversAgreeing} of ${servers} servers)`;
}

function ago(length: Millis): string {
  if (length < MINUTE) return 'just now';
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min ago`;
  if (length < DAY) return `${Math.floor(length / HOUR)} h ago`;
  const days = Math.floor(length / DAY);
  return `${days} day${days === 1 ? '' : 's'} ago`;
}
