// Owns the judgement on the systemd units: there, on, as they were shipped, and their sandbox as tight. Pure.

import type { Finding } from './finding.ts';

const YES = [
  'LockPersonality',
  'NoNewPrivileges',
  'PrivateMounts',
  'PrivateTmp',
  'ProtectControlGroups',
  'ProtectHome',
  'ProtectHostname',
  'ProtectKernelLogs',
  'ProtectKernelModules',
  'ProtectKernelTunables',
  'RestrictRealtime',
  'RestrictSUIDSGID',
] as const;
const COMMON: Readonly<Record<string, string>> = {
  ...Object.fromEntries(YES.map((name) => [name, 'yes'])),
  ProtectSystem: 'strict',
  ProtectProc: 'invisible',
};
const ALONE = { PrivateNetwork: 'yes', RestrictAddressFamilies: 'AF_UNIX' } as const;

/** What keeps each service in its place, as `systemctl show` prints it. */
export const SANDBOX: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'fygo-2fa.service': {
    ...COMMON,
    ...ALONE,
    User: 'fygo-2fa',
    CapabilityBoundingSet: '',
    PrivateDevices: 'yes',
    ProtectClock: 'yes',
  },
  'fygo-2fa-time.service': {
    ...COMMON,
    User: 'fygo-2fa-time',
    CapabilityBoundingSet: '',
    PrivateDevices: 'yes',
  },
  'fygo-2fa-mail.service': {
    ...COMMON,
    User: 'fygo-2fa-mail',
    CapabilityBoundingSet: '',
    PrivateDevices: 'yes',
    ProtectClock: 'yes',
  },
  'fygo-2fa-set-clock.service': { ...COMMON, ...ALONE, CapabilityBoundingSet: 'cap_sys_time' },
};

export const SOCKET_UNITS: readonly string[] = ['login', 'web', 'admin', 'time', 'mail', 'set-clock'].map(
  (name) => `fygo-2fa-${name}.socket`,
);
export const UNITS: readonly string[] = [...Object.keys(SANDBOX), ...SOCKET_UNITS];

/** What has to be asked of systemd. */
export const PROPERTIES: readonly string[] = [
  ...new Set(Object.values(SANDBOX).flatMap((sandbox) => Object.keys(sandbox))),
  'ActiveState',
  'DropInPaths',
  'FragmentPath',
  'Id',
  'LoadState',
  'NRestarts',
  'NeedDaemonReload',
  'SystemCallFilter',
  'UnitFileState',
];

/** Of one unit, by property. */
type Shown = ReadonlyMap<string, string>;

function readShown(text: string): ReadonlyMap<string, Shown> {
  const units = text.split('\n\n').map((block) => {
    const lines = block.split('\n').filter((line) => line.includes('='));
    return new Map(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
    );
  });
  return new Map(units.map((unit) => [unit.get('Id') ?? '', unit]));
}

/** @param text what `systemctl show -p PROPERTIES UNITS` printed */
export function unitFindings(text: string): Finding[] {
  const shown = readShown(text);
  return UNITS.flatMap((name) => {
    const unit = shown.get(name);
    if (unit === undefined || unit.get('LoadState') !== 'loaded') return [missing(name, unit)];
    return [...presence(name, unit), ...edits(name, unit), ...sandbox(name, unit)];
  });
}

function missing(name: string, unit: Shown | undefined): Finding {
  const masked = unit?.get('LoadState') === 'masked';
  return {
    code: 'unit-missing',
    severity: name === 'fygo-2fa.service' || name === 'fygo-2fa-login.socket' ? 'critical' : 'warning',
    text: `The unit ${name} is ${masked ? 'masked' : 'not there'}, so what it serves is not served, or only while the daemon runs.`,
    hint: masked
      ? `Unmask it: systemctl unmask ${name} && systemctl start ${name}`
      : 'Install fygo-2fa again: the unit belongs to it.',
  };
}

function presence(name: string, unit: Shown): Finding[] {
  const isSocket = name.endsWith('.socket');
  const always = isSocket || name === 'fygo-2fa.service';
  if (!always) return [];
  const findings: Finding[] = [];
  const active = unit.get('ActiveState');
  if (active !== 'active' && active !== 'activating' && active !== 'reloading')
    findings.push({
      code: 'unit-not-active',
      severity: 'critical',
      text: `${name} is ${active ?? 'in an unknown state'}.`,
      hint: `See why: systemctl status ${name}; then: systemctl start ${name}`,
    });
  if (unit.get('UnitFileState') === 'disabled')
    findings.push({
      code: 'unit-disabled',
      severity: 'warning',
      text: `${name} does not start at boot.`,
      hint: `Switch it on: systemctl enable ${name}`,
    });
  if (Number(unit.get('NRestarts') ?? 0) > 3)
    findings.push({
      code: 'unit-restarts',
      severity: 'warning',
      text: `${name} was restarted ${unit.get('NRestarts')} times since it was last started by hand.`,
      hint: `See why it ended: journalctl -u ${name} -p notice`,
    });
  return findings;
}

function edits(name: string, unit: Shown): Finding[] {
  const findings: Finding[] = [];
  const dropIns = unit.get('DropInPaths') ?? '';
  const fragment = unit.get('FragmentPath') ?? '';
  const changed = [dropIns, fragment.startsWith('/etc/') ? fragment : ''].filter((path) => path !== '');
  if (changed.length > 0)
    findings.push({
      code: 'unit-edited',
      severity: 'note',
      text: `${name} is not as it was shipped: ${changed.join(' ')}.`,
      hint: `See what differs: systemctl cat ${name}; undo it: systemctl revert ${name}`,
    });
  if (unit.get('NeedDaemonReload') === 'yes')
    findings.push({
      code: 'unit-reload',
      severity: 'warning',
      text: `${name} was changed on disk, and systemd still goes by what it was before.`,
      hint: `Let it look: systemctl daemon-reload && systemctl restart fygo-2fa.service`,
    });
  return findings;
}

function sandbox(name: string, unit: Shown): Finding[] {
  const expected = SANDBOX[name];
  if (expected === undefined) return [];
  const weak = Object.entries(expected).filter(([property, value]) => (unit.get(property) ?? '') !== value);
  const names = weak.map(([property, value]) => `${property}=${unit.get(property) ?? ''} (was ${value})`);
  if ((unit.get('SystemCallFilter') ?? '') === '') names.push('SystemCallFilter= (was a list)');
  if (names.length === 0) return [];
  return [
    {
      code: 'sandbox-weakened',
      severity: 'critical',
      text: `${name} runs with less of its sandbox than it was shipped with: ${names.join(', ')}.`,
      hint: `Whoever breaks into it gets further now. Undo it: systemctl revert ${name} && systemctl restart ${name}`,
    },
  ];
}
