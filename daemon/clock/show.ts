// Owns what is told about the clock: to root, to the pages, to the status.

import { instant, type Millis, toRfc3339 } from '../kernel/instant.ts';
import type { ClockDocument, ClockFace } from '../wire/clock.ts';
import { needed } from './quorum.ts';
import { nameOf } from './server.ts';
import type { Check, ServerReport, Timekeeping } from './timekeeping.ts';

/** Everything that is known of the clock. */
export function showClock(keeping: Timekeeping, floor: number | null): ClockDocument {
  const { clock, servers, last } = keeping;
  const { state, bound, alarm, since, step } = clock.standing();
  const moment = (elapsed: Millis) => toRfc3339(instant(clock.now() - (clock.elapsed() - elapsed)));
  return {
    state,
    alarm,
    since: moment(since),
    systemTime: toRfc3339(clock.wall()),
    correctedTime: toRfc3339(clock.now()),
    offsetSeconds: seconds(clock.offset()),
    boundSeconds: seconds(bound),
    checked: last && moment(last.at),
    quorum: { agreeing: last?.agreeing ?? 0, needed: needed(servers.length), servers: servers.length },
    servers: last ? last.servers.map((one) => serverOf(one, clock.wall() - clock.elapsed())) : [],
    kernel: kernelOf(last),
    keeper: last?.keeper ?? null,
    floor: floor === null ? null : toRfc3339(instant(floor)),
    lastStep: step && { time: moment(step.at), bySeconds: step.by / 1000 },
  };
}

/** What a person needs to see which of three clocks is wrong: the browser adds its own. */
export function clockFace({ clock }: Timekeeping): ClockFace {
  const { state, bound, taken } = clock.standing();
  return {
    state,
    systemTime: toRfc3339(clock.wall()),
    networkTime: taken && toRfc3339(clock.now()),
    boundSeconds: seconds(bound),
  };
}

/** @param wall the wall clock minus elapsed time: offsets are told as the system clock's, positive when it is fast */
function serverOf(
  { server, verdict, exchange }: ServerReport,
  wall: number,
): ClockDocument['servers'][number] {
  const time = exchange?.outcome === 'time' ? exchange : null;
  return {
    name: nameOf(server),
    address: exchange?.address ?? null,
    verdict,
    offsetSeconds: time && seconds(wall - time.epoch),
    delaySeconds: time && seconds(time.delay),
    stratum: time?.stratum ?? null,
  };
}

function kernelOf(last: Check | null): ClockDocument['kernel'] {
  if (!last?.kernel) return null;
  const { synchronised, maxError, offset } = last.kernel;
  return { synchronised, maxErrorSeconds: maxError / 1000, slewingSeconds: offset / 1000 };
}

/** To the tenth of a millisecond. */
function seconds(ms: Millis | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10_000;
}
