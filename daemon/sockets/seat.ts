// Owns one connection: what it is doing, and how long it may take over it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FaultCode } from '../kernel/fault.ts';
import type { Peer } from '../native/peer.ts';
import type { Occupant, SeatState } from './crowd.ts';
import { lastWords } from './last-words.ts';
import type { Limits } from './limits.ts';
import type { DropReason } from './request-log.ts';

/** What a connection needs from the gate that let it in. */
export interface Surroundings {
  readonly limits: Limits;
  /** A number that is higher than every one before. */
  readonly next: () => number;
  /** Told that everything on a connection is answered: it may give way now. */
  readonly rests: () => void;
  readonly dropped: (reason: DropReason, peer: Peer) => void;
}

/** One connection and its one timer. */
export class Seat implements Occupant {
  readonly socket: Socket;
  readonly peer: Peer;
  since: number;
  readonly #around: Surroundings;
  #timer: NodeJS.Timeout | undefined;
  /** From the first byte of a request (or from the connecting) until the request is complete. */
  #reading = true;
  #bytes = 0;
  #current: IncomingMessage | undefined;
  #unanswered = 0;
  #leaving = false;
  #waiting = false;

  constructor(socket: Socket, peer: Peer, around: Surroundings) {
    this.socket = socket;
    this.peer = peer;
    this.#around = around;
    this.since = around.next();
    this.#arm(around.limits.requestMs, this.#late);
  }

  get uid(): number {
    return this.peer.uid;
  }

  get state(): SeatState {
    this.#settle();
    if (this.#unanswered > (this.#reading && this.#current ? 1 : 0)) return 'answering';
    return this.#reading && this.#bytes > 0 ? 'reading' : 'idle';
  }

  /** The first bytes of a request are here and nobody hears them, because there is no place. */
  waits(): void {
    this.#waiting = true;
  }

  /** Bytes came in; called before the parser sees them. */
  received(bytes: number): void {
    this.#waiting = false;
    this.#settle();
    if (!this.#reading) {
      this.#reading = true;
      this.#bytes = 0;
      this.#arm(this.#around.limits.requestMs, this.#late);
    }
    if (this.#bytes === 0) this.since = this.#around.next();
    this.#bytes += bytes;
    if (this.#bytes > this.#around.limits.requestBytes) this.turnAway('body-too-large', 'too-large');
  }

  /** The headers of a request are complete. */
  began(request: IncomingMessage, response: ServerResponse): void {
    this.#current = request;
    this.#unanswered += 1;
    this.since = this.#around.next();
    response.once('close', this.#answered);
    if (this.#unanswered > this.#around.limits.pipelined) this.drop('too-many-requests');
  }

  /** Says why, unless an answer is under way that this would break into, and hangs up. */
  turnAway(code: FaultCode, reason: DropReason): void {
    const inTheWay = this.#unanswered - (this.#current?.complete === false ? 1 : 0);
    const silent = inTheWay > 0 || this.socket.writableLength > 0 || !this.socket.writable;
    if (!silent) this.socket.write(lastWords(code));
    this.drop(reason);
  }

  /** Hangs up at once; what was written leaves with the kernel's buffer. */
  drop(reason: DropReason): void {
    if (!this.socket.destroyed) this.#around.dropped(reason, this.peer);
    this.end();
  }

  /**
   * Closes the connection as soon as nothing is being answered on it. One that was just accepted, or whose request is on
   * its way, is answered first: who asked before the end does not notice it.
   */
  leave(): void {
    this.#leaving = true;
    this.#settle();
    if (!this.#reading && this.#unanswered === 0) this.end();
  }

  /** Closes the connection at once, as a matter of course. */
  end(): void {
    this.release();
    this.socket.destroy();
  }

  /** Lets go of the timer. */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (!this.socket.destroyed) this.#timer = setTimeout(then, ms);
  }

  #settle(): void {
    if (this.#current?.complete !== true) return;
    this.#current = undefined;
    this.#reading = false;
  }

  readonly #answered = (): void => {
    this.#unanswered -= 1;
    this.since = this.#around.next();
    this.#settle();
    if (this.#unanswered > 0) return;
    if (this.#leaving) this.end();
    else if (!this.#reading) {
      this.#arm(this.#around.limits.idleMs, () => this.end());
      this.#around.rests();
    }
  };

  /** A flush can block the loop for longer than the limit: what has come meanwhile is read before judging. */
  readonly #late = (): void => {
    setImmediate(() => {
      if (this.socket.destroyed) return;
      this.#settle();
      if (this.#reading) this.#tooSlow();
      else if (this.#unanswered > 0) this.#arm(this.#around.limits.answerMs, () => this.drop('not-taken'));
    });
  };

  #tooSlow(): void {
    if (this.#waiting) this.turnAway('overloaded', 'refused');
    else if (this.#bytes === 0) this.end();
    else this.turnAway('request-too-slow', 'too-slow');
  }
}
