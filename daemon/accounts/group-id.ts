// Owns the look-up of the users and groups that sockets belong to, once at start.

import { SECOND } from '../kernel/instant.ts';
import { createRunner, type Kill } from './child.ts';
import { parseId } from './passwd.ts';

/** The gid of a group by its name; `null` when the system has no such group or cannot say. */
export function groupId(name: string, kill: Kill): Promise<number | null> {
  return idOf('group', name, kill);
}

/** The uid of a user by its name; `null` when the system has no such user or cannot say. */
export function userId(name: string, kill: Kill): Promise<number | null> {
  return idOf('passwd', name, kill);
}

/** Both databases have the number in their third field. */
async function idOf(database: 'group' | 'passwd', name: string, kill: Kill): Promise<number | null> {
  const run = createRunner({ concurrent: 1, timeout: 5 * SECOND, kill });
  const outcome = await run('/usr/bin/getent', [database, '--', name], 64 * 1024);
  if (outcome.kind !== 'exited' || outcome.code !== 0) return null;
  const [line = ''] = outcome.output.toString('utf8').split('\n');
  return parseId(line.split(':')[2] ?? '');
}
