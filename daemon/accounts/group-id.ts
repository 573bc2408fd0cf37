// Owns the look-up of the groups that sockets belong to, once at start.

import { SECOND } from '../kernel/instant.ts';
import { createRunner, type Kill } from './child.ts';
import { parseId } from './passwd.ts';

/** The gid of a group by its name; `null` when the system has no such group or cannot say. */
export async function groupId(name: string, kill: Kill): Promise<number | null> {
  const run = createRunner({ concurrent: 1, timeout: 5 * SECOND, kill });
  const outcome = await run('/usr/bin/getent', ['group', '--', name], 64 * 1024);
  if (outcome.kind !== 'exited' || outcome.code !== 0) return null;
  const [line = ''] = outcome.output.toString('utf8').split('\n');
  return parseId(line.split(':')[2] ?? '');
}
