// Owns the time role inside this process: asks the servers, and reads the kernel's clock as the second witness.

import { kernelClock } from '../native/adjtimex.ts';
import type { TimeReport } from '../wire/time.ts';
import { keeperOf } from './keeper.ts';
import type { TimeRole } from './roles.ts';
import { askServer, type SntpClocks } from './sntp.ts';

export function localTime(clocks: SntpClocks): TimeRole {
  return {
    async measure(servers): Promise<TimeReport> {
      const exchanges = await Promise.all(servers.map((server) => askServer(server, clocks)));
      const clock = kernelClock();
      const kernel = clock && {
        synchronised: clock.synchronised,
        maxError: clock.maxError,
        offset: clock.offset,
        epoch: clock.time - clocks.elapsed(),
      };
      return { exchanges, kernel, keeper: keeperOf('/') };
    },
  };
}
