// Owns the limits of every socket (DESIGN: section 2) and what they are by default.

import { type Millis, SECOND } from '../kernel/instant.ts';

/** What one socket grants its peers. A test shrinks them. */
export interface Limits {
  /** Connections at the same time that have said something. */
  readonly connections: number;
  /** Connections that have not, or wait for their place. So many hold most crowds, so that those do not come and go. */
  readonly waiting: number;
  /** What those who wait for their place may have sent in all, in bytes. */
  readonly waitingBytes: number;
  /** Request line and headers, in bytes. */
  readonly headerBytes: number;
  /** All bytes of one request on the wire, with headers and the framing of chunks. */
  readonly requestBytes: number;
  /** Requests of one connection that have begun and are not yet answered. */
  readonly pipelined: number;
  /** From the connecting, or later from a request's first byte, until the request is complete. */
  readonly requestMs: Millis;
  /** From then until the peer has taken the answer. */
  readonly answerMs: Millis;
  /** How long a connection may be kept without a request. Longer than a proxy keeps its own (nginx: 60 s), so
   * that the proxy closes first and never sends into a closing connection. */
  readonly idleMs: Millis;
}

export const LIMITS: Limits = {
  connections: 64,
  waiting: 6_000,
  waitingBytes: 1024 * 1024,
  headerBytes: 8 * 1024,
  requestBytes: 128 * 1024,
  pipelined: 16,
  requestMs: 2 * SECOND,
  answerMs: 30 * SECOND,
  idleMs: 75 * SECOND,
};
