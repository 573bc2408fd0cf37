// Owns the judgement on the sockets' files: who may connect. Pure.

import type { Finding } from './finding.ts';

/** As `stat -c '%n %a %U:%G'` prints them. */
const EXPECTED: Readonly<Record<string, string>> = {
  'login.sock': '660 root:fygo-login',
  'web.sock': '660 root:fygo-web',
  'admin.sock': '600 root:root',
  'time.sock': '600 fygo-2fa:fygo-2fa',
  'mail.sock': '600 fygo-2fa:fygo-2fa',
  'set-clock.sock': '600 fygo-2fa:fygo-2fa',
};

export const SOCKET_FILES: readonly string[] = Object.keys(EXPECTED).map((name) => `/run/fygo-2fa/${name}`);

/** A socket that the daemon made itself, for want of its unit, is its own; its group is what counts then. */
const fits = (found: string, expected: string) =>
  found === expected ||
  found === expected.replace(' root:', ' fygo-2fa:') ||
  found === expected.replace(' root:root', ' fygo-2fa:fygo-2fa');

/** @param text what `stat -c '%n %a %U:%G'` printed of SOCKET_FILES */
export function socketFindings(text: string): Finding[] {
  const found = new Map(
    text
      .split('\n')
      .filter((line) => line.includes(' '))
      .map((line) => {
        const [path = '', ...rest] = line.split(' ');
        return [path.split('/').at(-1) ?? '', rest.join(' ')] as const;
      }),
  );
  return Object.entries(EXPECTED).flatMap(([name, expected]): Finding[] => {
    const there = found.get(name);
    const unit = `fygo-2fa-${name.replace('.sock', '.socket')}`;
    if (there === undefined)
      return [
        {
          code: 'socket-missing',
          severity: name === 'login.sock' ? 'critical' : 'warning',
          text: `/run/fygo-2fa/${name} is not there, so nobody can ask on it.`,
          hint: `Make it anew: systemctl restart ${unit}`,
        },
      ];
    if (fits(there, expected)) return [];
    return [
      {
        code: 'socket-open',
        severity: 'critical',
        text: `/run/fygo-2fa/${name} is ${there}, and should be ${expected}: others may connect, or those who should may not. The daemon still turns away who is not meant.`,
        hint: `Make it anew: systemctl revert ${unit} && systemctl restart ${unit}. If the group is missing: systemd-sysusers`,
      },
    ];
  });
}
