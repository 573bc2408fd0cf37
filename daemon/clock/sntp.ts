// Owns the conversation with one NTP server, through ntp-time-sync; every answer is judged anew by `exchange`.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Instant, Millis } from '../kernel/instant.ts';
import type { ExchangeReport } from '../wire/time.ts';
import { judgeExchange } from './exchange.ts';
import type { NtpServer } from './server.ts';

const NAME_TIMEOUT: Millis = 2_000;
const REPLY_TIMEOUT: Millis = 2_000;
const NTP_EPOCH = Date.UTC(1900, 0, 1);

export interface SntpClocks {
  readonly wall: () => Instant;
  readonly elapsed: () => Millis;
}

/**
 * Asks a server once. Never rejects. Of the library only its packets are used (`getNetworkTime`), one instance and one
 * packet a server: it averages, caches and does arithmetic in `getTime`, and none of that is trusted.
 */
export async function askServer(
  { host, port }: NtpServer,
  { wall, elapsed }: SntpClocks,
): Promise<ExchangeReport> {
  const address = await addressOf(host);
  if (address === null) return { outcome: 'no-address' };
  // Asked for every half hour: loaded when it is.
  const { NtpTimeSync } = await import('ntp-time-sync');
  const client = new NtpTimeSync({ servers: [], replyTimeout: REPLY_TIMEOUT });
  try {
    const sentElapsed = elapsed();
    const wallBefore = wall();
    const reply = client.getNetworkTime(address, port);
    const wallAfter = wall();
    const packet = await within(REPLY_TIMEOUT + 500, reply);
    const gotElapsed = elapsed();
    const judged = judgeExchange(
      {
        leapIndicator: packet.leapIndicator ?? Number.NaN,
        mode: packet.mode ?? Number.NaN,
        version: packet.version ?? Number.NaN,
        stratum: packet.stratum ?? Number.NaN,
        precision: packet.precision ?? Number.NaN,
        referenceId: packet.referenceId ?? '',
        rootDelay: Number(packet.rootDelay) - NTP_EPOCH,
        rootDispersion: Number(packet.rootDispersion) - NTP_EPOCH,
        origin: Number(packet.originTimestamp),
        receive: Number(packet.receiveTimestamp),
        transmit: Number(packet.transmitTimestamp),
      },
      { sentElapsed, gotElapsed, wallBefore, wallAfter },
    );
    return { ...judged, address };
  } catch {
    return { outcome: 'no-answer', address };
  }
}

/**
 * The address of a name, looked up before the exchange: the library notes the time of sending before it looks names up,
 * so that a slow resolver would bend the result. It speaks IPv4 only.
 */
async function addressOf(host: string): Promise<string | null> {
  if (isIP(host) !== 0) return isIP(host) === 4 ? host : null;
  try {
    return (await within(NAME_TIMEOUT, lookup(host, { family: 4 }))).address;
  } catch {
    return null;
  }
}

/** The library has a time-out of its own; this one does not depend on it. @throws when `time` passes first */
async function within<T>(time: Millis, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), time);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
