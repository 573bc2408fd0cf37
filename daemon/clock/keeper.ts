// Owns finding out who keeps the system clock: timesyncd, chrony, or nobody.

import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keeper } from '../wire/time.ts';

/** Where chronyd of a system, as opposed to one that somebody runs by hand, writes its process id. */
const CHRONY = ['run/chrony/chronyd.pid', 'run/chronyd.pid', 'var/run/chrony/chronyd.pid'];
/** The kernel keeps 15 characters of a program's name. */
const TIMESYNCD = 'systemd-timesyn';

/** Where systemd keeps a link for each unit that runs. Everybody may look, also from within a sandbox that hides /proc. */
const UNITS = 'run/systemd/units';
const SERVICES: readonly (readonly [service: string, keeper: Keeper])[] = [
  ['chrony.service', 'chrony'],
  ['chronyd.service', 'chrony'],
  ['systemd-timesyncd.service', 'timesyncd'],
];

/** @param root `/`, or a folder that stands in for it */
export function keeperOf(root: string): Keeper {
  if (!existsSync(join(root, UNITS))) return keeperAmongProcesses(root);
  const runs = (service: string) =>
    lstatSync(join(root, UNITS, `invocation:${service}`), { throwIfNoEntry: false }) !== undefined;
  return SERVICES.find(([service]) => runs(service))?.[1] ?? 'none';
}

function keeperAmongProcesses(root: string): Keeper {
  const nameOf = (pid: string) => read(join(root, 'proc', pid, 'comm'));
  for (const file of CHRONY) {
    const pid = read(join(root, file));
    if (/^[0-9]{1,10}$/.test(pid) && nameOf(pid) === 'chronyd') return 'chrony';
  }
  return processes(root).some((pid) => nameOf(pid) === TIMESYNCD) ? 'timesyncd' : 'none';
}

function processes(root: string): string[] {
  try {
    return readdirSync(join(root, 'proc')).filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
