// Owns the limits on connections: who gets one, who gives way, and how HTTP is spoken on it.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Peer } from '../native/peer.ts';
import { whoGivesWay } from './crowd.ts';
import { Hall } from './hall.ts';
import type { Limits } from './limits.ts';
import { identify, type PeerRule } from './peers.ts';
import type { DropReason } from './request-log.ts';
import { Rota } from './rota.ts';
import { Seat, type Surroundings } from './seat.ts';

/** What a gate is made of. */
export interface GateParts {
  readonly limits: Limits;
  readonly answer: RequestListener;
  readonly admits: PeerRule;
  readonly dropped: (reason: DropReason, peer: Peer) => void;
  /** Told how many connections there are, whenever that changes. */
  readonly counted?: (connections: number) => void;
}

const TOO_LARGE = 'HPE_HEADER_OVERFLOW';

/** The connections of one socket. */
export class Gate {
  readonly #parts: GateParts;
  readonly #seats = new Map<Socket, Seat>();
  readonly #hall: Hall;
  readonly #rota = new Rota();
  readonly #http: Server;
  readonly #around: Surroundings;
  #emptied: (() => void) | undefined;

  constructor(parts: GateParts) {
    let order = 0;
    this.#parts = parts;
    this.#hall = new Hall({
      most: parts.limits.waiting,
      mostBytes: parts.limits.waitingBytes,
      seat: (guest, first, whole) => this.#seat(guest, first, whole),
    });
    this.#around = {
      limits: parts.limits,
      dropped: parts.dropped,
      next: () => ++order,
      rests: () => this.#hall.admit(),
    };
    this.#http = this.#speaker();
  }

  /** Takes a connection that was just accepted. A stranger, who will hear 403, makes nobody leave. */
  enter(socket: Socket): void {
    const peer = identify(socket);
    if (peer === undefined) {
      socket.destroy();
      return;
    }
    if (this.#hall.full && !this.#parts.admits(peer)) {
      this.#parts.dropped('refused', peer);
      socket.destroy();
      return;
    }
    const guest = new Seat(socket, peer, this.#around);
    this.#hall.receive(guest);
    this.#counted();
    socket.once('close', () => {
      guest.release();
      this.#vacate(socket);
    });
  }

  /** Gives a place to one whose first bytes came. @returns whether there is one, or he was sent away. */
  #seat(guest: Seat, first: Buffer, whole: boolean): boolean {
    const { socket, peer } = guest;
    if (this.#seats.size >= this.#parts.limits.connections && !this.#makeRoom(peer, whole)) {
      if (this.#parts.admits(peer)) return false;
      guest.drop('refused');
      return true;
    }
    this.#seats.set(socket, guest);
    this.#http.emit('connection', socket);
    // After HTTP has the connection, so that Node hands the bytes over here too; before its own listener, so
    // that a request's time begins with its first byte.
    socket.prependListener('data', (chunk: Buffer) => guest.received(chunk.length));
    socket.emit('data', first);
    return true;
  }

  /** Lets everybody go: at once who waits, when answered who is being answered, at last everybody. */
  async empty(drainMs: number): Promise<void> {
    const empty = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const seat of this.#everybody()) seat.leave();
    const timer = setTimeout(() => {
      for (const seat of this.#everybody()) seat.end();
    }, drainMs);
    this.#reportEmpty();
    await empty;
    clearTimeout(timer);
  }

  #everybody(): Seat[] {
    return [...this.#hall.guests(), ...this.#seats.values()];
  }

  /** A stranger displaces nobody. */
  #makeRoom(peer: Peer, whole: boolean): boolean {
    if (!this.#parts.admits(peer)) return false;
    const { connections } = this.#parts.limits;
    const leaving = whoGivesWay(this.#seats.values(), { uid: peer.uid, whole }, connections);
    if (leaving === undefined) return false;
    this.#seats.delete(leaving.socket);
    leaving.drop('evicted');
    return true;
  }

  #vacate(socket: Socket): void {
    if (this.#seats.delete(socket)) this.#hall.admit();
    this.#counted();
    this.#reportEmpty();
  }

  #counted(): void {
    this.#parts.counted?.(this.#hall.size + this.#seats.size);
  }

  #reportEmpty(): void {
    if (this.#hall.size + this.#seats.size === 0) this.#emptied?.();
  }

  /**
   * An HTTP server that never listens, so that Node's periodic check of connections does not run: the seats
   * have timers of their own, and an idle daemon has none.
   */
  #speaker(): Server {
    const server = createServer({
      maxHeaderSize: this.#parts.limits.headerBytes,
      requireHostHeader: false,
      headersTimeout: 0,
      requestTimeout: 0,
      keepAliveTimeout: 0,
    });
    const take: RequestListener = (request, response) => {
      const seat = this.#seats.get(request.socket);
      seat?.began(request, response);
      this.#rota.take(seat?.uid ?? 0, () => {
        if (!request.socket.destroyed) this.#parts.answer(request, response);
      });
    };
    server.on('request', take);
    // Node would answer an expectation that it does not know by itself; RFC 9110 §10.1.1 allows to ignore it.
    server.on('checkExpectation', take);
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (!error.code?.startsWith('HPE_')) this.#seats.get(socket as Socket)?.end();
      else if (error.code === TOO_LARGE) this.#refuse(socket as Socket, true);
      else this.#refuse(socket as Socket);
      socket.destroy();
    });
    return server;
  }

  #refuse(socket: Socket, large = false): void {
    const seat = this.#seats.get(socket);
    if (large) seat?.turnAway('headers-too-large', 'too-large');
    else seat?.turnAway('malformed-request', 'malformed');
  }
}
