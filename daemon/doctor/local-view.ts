// Owns looking at the machine that this program runs on.

import { readFileSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { createRunner, type Kill } from '../accounts/child.ts';
import { SECOND } from '../kernel/instant.ts';
import type { SystemView } from './view.ts';

const MOST_BYTES = 256 * 1024;

export function localView(kill: Kill): SystemView {
  const run = createRunner({ concurrent: 1, timeout: 10 * SECOND, kill });
  return {
    kernel: release(),
    read: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    run: async (program, args) => {
      const ran = await run(program, args, MOST_BYTES);
      return ran.kind === 'exited' ? ran.output.toString('utf8') : null;
    },
    free: (path) => {
      try {
        const { bavail, bsize } = statfsSync(path);
        return bavail * bsize;
      } catch {
        return null;
      }
    },
  };
}
