// Owns the verdict on one exchange with one NTP server: a time with its error bound, or what is wrong with it. Pure.

import { type Millis, SECOND } from '../kernel/instant.ts';
import type { ExchangeFailure } from '../wire/time.ts';
import { RELEASED } from './corrected.ts';

/** The fields of an NTP packet (RFC 5905 §7.3) as the library reads them: nothing in it has been checked. */
export interface Packet {
  readonly leapIndicator: number;
  readonly mode: number;
  readonly version: number;
  readonly stratum: number;
  /** log2 seconds, as an unsigned byte. */
  readonly precision: number;
  /** At stratum 0 the kiss code, its four letters read as one big-endian number. */
  readonly referenceId: string;
  /** Milliseconds. */
  readonly rootDelay: Millis;
  readonly rootDispersion: Millis;
  /** Milliseconds since 1970, read in the first NTP era. */
  readonly origin: number;
  readonly receive: number;
  readonly transmit: number;
}

/** What the asker knows of the exchange by itself. Elapsed time, so that no step of the wall clock reaches it. */
export interface Asked {
  readonly sentElapsed: Millis;
  readonly gotElapsed: Millis;
  /** What the wall clock showed just before and just after the request was made. */
  readonly wallBefore: number;
  readonly wallAfter: number;
}

export type Exchange =
  | {
      readonly outcome: 'time';
      /** True time minus elapsed time, ms. */
      readonly epoch: Millis;
      readonly delay: Millis;
      /** How far `epoch` can be wrong if the server is right: half the delay, and what the server says of itself. */
      readonly bound: Millis;
      readonly stratum: number;
    }
  | { readonly outcome: ExchangeFailure; readonly kiss?: string };

const NTP_EPOCH = Date.UTC(1900, 0, 1);
/** Length of an NTP era, 2^32 seconds. */
const ERA: Millis = 2 ** 32 * SECOND;
/** Slower, and the answer says too little about now. */
const SLOWEST: Millis = 2 * SECOND;
/** RFC 5905 §7.2, MAXDISP is 16 s; a server that far off is of no use for steps of 30 s. */
const FARTHEST_ROOT: Millis = 1.5 * SECOND;
/** The library reads timestamps in whole milliseconds, cut off: each of the two may be late by one. */
const RESOLUTION: Millis = 2;
/** No clock of a server goes back between receiving and sending; reading in milliseconds may seem so. */
const BACKWARDS: Millis = 2;

/**
 * Judges a reply (RFC 5905 §7.4, §8, A.5.1). Its own arithmetic on the four timestamps: the library's takes absolute
 * values, which is wrong whenever offset and delay have opposite signs.
 */
export function judgeExchange(packet: Packet, asked: Asked): Exchange {
  const numbers = Object.values(packet).filter((value) => typeof value === 'number');
  if (!numbers.every(Number.isFinite)) return { outcome: 'short' };
  const { leapIndicator, mode, version, stratum } = packet;
  if (mode !== 4) return { outcome: 'wrong-mode' };
  if (version < 1 || version > 4) return { outcome: 'wrong-version' };
  if (!echoes(packet.origin, asked)) return { outcome: 'wrong-origin' };
  if (stratum === 0) return { outcome: 'kiss', kiss: kissCode(packet.referenceId) };
  if (stratum >= 16) return { outcome: 'wrong-stratum' };
  if (leapIndicator === 3) return { outcome: 'unsynchronised' };
  if (packet.receive === NTP_EPOCH || packet.transmit === NTP_EPOCH) return { outcome: 'zero-time' };
  // Below nothing, and the bound would claim more than anybody knows.
  if (packet.rootDelay < 0 || packet.rootDispersion < 0) return { outcome: 'impossible' };
  const root = packet.rootDelay / 2 + packet.rootDispersion;
  if (root > FARTHEST_ROOT) return { outcome: 'too-uncertain' };
  const receive = inEra(packet.receive);
  const transmit = inEra(packet.transmit);
  const held = transmit - receive;
  const delay = Math.max(0, asked.gotElapsed - asked.sentElapsed - held);
  const longest = asked.gotElapsed - asked.sentElapsed;
  if (held < -BACKWARDS || held > longest + BACKWARDS) return { outcome: 'impossible' };
  if (longest > SLOWEST) return { outcome: 'too-slow' };
  const epoch = (receive - asked.sentElapsed + (transmit - asked.gotElapsed)) / 2 + RESOLUTION / 4;
  // log2 seconds in a signed byte; a server that claims more than a second is bounded by its root distance anyway.
  const precision = Math.min(SECOND, 2 ** ((packet.precision << 24) >> 24) * SECOND);
  return { outcome: 'time', epoch, delay, bound: delay / 2 + root + precision + RESOLUTION, stratum };
}

/** A timestamp of the first era, in the era that puts it within 68 years after the program's release. */
function inEra(time: number): number {
  return time < RELEASED ? time + ERA : time;
}

/**
 * Did the server send back what was sent to it? The library keeps that to itself, but makes it from the wall clock
 * when it is called, so it has to be one of the milliseconds between the two readings.
 */
function echoes(origin: number, { wallBefore, wallAfter }: Asked): boolean {
  for (let ms = wallBefore; ms <= Math.min(wallAfter, wallBefore + 50); ms++) {
    if (Math.abs(origin - sentAs(ms)) <= 1) return true;
  }
  return false;
}

/**
 * What the library makes of a wall clock and reads back: right until 2036-02-07, and a number that is wrong but known
 * for a wall clock later than that (it writes a 65th bit and cuts off the last).
 */
export function sentAs(wall: number): number {
  const bits = (((wall - NTP_EPOCH) / 1000) * 2 ** 32).toString(2);
  const field = Number.parseInt(bits.padStart(64, '0').slice(0, 64), 2);
  return NTP_EPOCH + Math.trunc((field / 2 ** 32) * 1000);
}

/** `RATE`, `DENY`, `RSTR`; only letters get through, for the code is shown to people. */
function kissCode(referenceId: string): string {
  const id = Number(referenceId);
  const letters = [24, 16, 8, 0].map((shift) => String.fromCharCode((id >>> shift) & 0xff)).join('');
  return /^[A-Z]{4}$/.test(letters) ? letters : 'none';
}
