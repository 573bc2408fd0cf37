// Owns `fygo-2fa doctor`: what is wrong, why, and what to do, from the daemon's health and from a look at the system.

import { exitOf, type Finding } from '../doctor/finding.ts';
import { hostFindings } from '../doctor/host.ts';
import { PROFILE, pamFindings, SERVICES } from '../doctor/pam.ts';
import { SOCKET_FILES, socketFindings } from '../doctor/sockets.ts';
import { PROPERTIES, UNITS, unitFindings } from '../doctor/units.ts';
import type { SystemView } from '../doctor/view.ts';
import { Fault } from '../kernel/fault.ts';
import type { Command, Session } from './command.ts';

const TONES = { critical: 'bad', warning: 'warn', note: 'plain' } as const;

export const doctor: Command = {
  words: ['doctor'],
  takesName: false,
  flags: {},
  summary: 'What is wrong and what to do: exit 0 nothing, 1 something, 2 critical',
  details: [
    "Asks the daemon, and looks at what it cannot see from within its sandbox: units, sockets, PAM, sshd, space, clock, kernel. With --root only the daemon is asked: the system is not the demonstration's. A note is worth knowing and changes no exit code.",
  ],
  async run(session) {
    const { say, json, io, value } = session;
    const health = await healthFindings(session);
    const system = value('root') === undefined ? await look(io.system, health.keeper) : [];
    const findings = [...health.findings, ...system];
    if (json) say.json({ findings });
    else print(session, findings);
    return exitOf(findings);
  },
};

interface Health {
  readonly findings: readonly Finding[];
  readonly keeper: string | null;
}

async function healthFindings({ admin }: Session): Promise<Health> {
  try {
    const [{ body: status }, { body: clock }] = await Promise.all([
      admin.call('status', {}),
      admin.call('clock', {}),
    ]);
    return { findings: status.warnings, keeper: clock.keeper };
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'usage') throw error;
    const { code, message: text, hint } = error;
    return { findings: [{ code, severity: 'critical', text, hint }], keeper: null };
  }
}

async function look(view: SystemView, keeper: string | null): Promise<Finding[]> {
  const [units, sockets, sshd, timezone] = [
    await view.run('/usr/bin/systemctl', ['show', '-p', PROPERTIES.join(','), ...UNITS]),
    await view.run('/usr/bin/stat', ['-c', '%n %a %U:%G', ...SOCKET_FILES]),
    await view.run('/usr/sbin/sshd', ['-T']),
    await view.run('/usr/bin/timedatectl', ['show', '-p', 'Timezone', '--value']),
  ];
  const folders = ['/var/lib/fygo-2fa', '/etc/fygo-2fa', '/run/fygo-2fa'];
  const services = [...SERVICES.map(([name]) => name), 'fygo-2fa'];
  return [
    ...(units ? unitFindings(units) : [unseen('systemd')]),
    ...(sockets === null ? [unseen('the sockets')] : socketFindings(sockets)),
    ...pamFindings(new Map(services.map((name) => [name, view.read(fileOf(name))])), sshd),
    ...hostFindings({
      free: new Map(folders.map((folder) => [folder, view.free(folder)])),
      kernel: view.kernel,
      keeper,
      timezone: timezone === null ? null : timezone.trim(),
      localtime: view.read('/etc/localtime') !== null,
    }),
  ];
}

const fileOf = (service: string) => (service === 'fygo-2fa' ? PROFILE : `/etc/pam.d/${service}`);

function unseen(what: string): Finding {
  return {
    code: 'not-looked-at',
    severity: 'warning',
    text: `The doctor could not look at ${what}.`,
    hint: 'Run it as root on the system itself.',
  };
}

function print({ say }: Session, findings: readonly Finding[]): void {
  const wrong = findings.filter(({ severity }) => severity !== 'note').length;
  const sum = wrong === 1 ? 'One thing is' : `${wrong} things are`;
  say.note(
    wrong === 0 ? 'good' : 'warn',
    wrong === 0 ? 'Nothing is wrong.' : `${sum} not as they should be.`,
  );
  for (const { severity, code, text, hint } of findings) {
    say.line();
    say.note(TONES[severity], `${code}: ${text}`, hint);
  }
}
