// Owns what is logged of an exchange. Typed fields only: there is no place for a body, a header or a URL.

import type { FaultCode } from '../kernel/fault.ts';
import type { Millis } from '../kernel/instant.ts';
import type { Peer } from '../native/peer.ts';
import type { SocketName } from './activation.ts';

/** One request. `status` 0: the peer was gone before an answer could be sent. */
export interface RequestLine {
  readonly kind: 'request';
  readonly socket: SocketName;
  /** The contract's identifier of the operation; `unknown` where no operation was found. */
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly code?: FaultCode;
  readonly ms: Millis;
  readonly uid?: number;
  readonly pid?: number;
}

/** Why a connection ended before its peer wanted it to. */
export type DropReason =
  | 'refused'
  | 'evicted'
  | 'too-slow'
  | 'too-large'
  | 'malformed'
  | 'too-many-requests'
  | 'not-taken';

/** One connection that was cut. A silent one that only ran into its idle time-out leaves no line. */
export interface DropLine {
  readonly kind: 'drop';
  readonly socket: SocketName;
  readonly reason: DropReason;
  readonly uid: number;
  readonly pid: number;
}

/** An error nobody foresaw, or one with a cause: what it was and where, without its message. */
export interface FailureLine {
  readonly kind: 'failure';
  readonly socket: SocketName;
  readonly operation: string;
  readonly error: string;
  readonly stack: readonly string[];
}

/** What was decided about somebody, as it stands in the audit trail. */
export interface DecisionLine {
  readonly kind: 'decision';
  readonly user: string;
  readonly outcome: string;
  readonly because: string | null;
  readonly service: string | null;
  readonly address: string | null;
  /** Who decided, where it was not the user himself. */
  readonly actor: string | null;
}

/** What the daemon says of itself: a start, a stop, a watchdog that was not fed. */
export interface NoteLine {
  readonly kind: 'note';
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

export type LogLine = RequestLine | DropLine | FailureLine | DecisionLine | NoteLine;

/** Takes the lines. Must not throw. */
export type LogSink = (line: LogLine) => void;

const FRAME = /^\s+at /;
const CODE = /^[A-Z0-9_]{1,40}$/;
const NAME = /^[A-Za-z0-9]{1,40}$/;

function nameOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' && CODE.test(error.code) ? error.code : '';
  return `${NAME.test(error.name) ? error.name : 'Error'}${code && ` ${code}`}`;
}

/**
 * The line of an unexpected error. Its message is left out: a parser quotes what it could not read, and that
 * may be a code.
 */
export function failureLine(socket: SocketName, operation: string, thrown: unknown): FailureLine {
  const chain: Error[] = [];
  for (let at = thrown; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  const innermost = chain.at(-1);
  return {
    kind: 'failure',
    socket,
    operation,
    error: chain.map(nameOf).join(' < ') || typeof thrown,
    stack: (innermost?.stack ?? '')
      .split('\n')
      .filter((line) => FRAME.test(line))
      .map((line) => line.trim()),
  };
}

/** Who a line speaks of, where that is known. */
export function whoOf(peer: Peer | undefined): { readonly uid?: number; readonly pid?: number } {
  return peer === undefined ? {} : { uid: peer.uid, pid: peer.pid };
}
