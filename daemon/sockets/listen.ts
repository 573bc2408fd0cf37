// Owns a served socket from its first connection to its last: listening, limits, and the way it ends.

import { createServer, type Server } from 'node:net';
import type { Millis } from '../kernel/instant.ts';
import type { SocketName } from './activation.ts';
import type { SocketApp } from './app.ts';
import { Gate } from './gate.ts';
import { LIMITS, type Limits } from './limits.ts';
import { failureLine, type LogSink } from './request-log.ts';
import { listenOnFile, type SocketFile } from './socket-file.ts';

/** What is served, and where: on a descriptor that systemd passed, or on a file of the daemon's own. */
export interface Listen {
  readonly name: SocketName;
  readonly app: SocketApp;
  readonly where: { readonly fd: number } | SocketFile;
  readonly log: LogSink;
  readonly limits?: Partial<Limits>;
  /** Told how many connections there are, whenever that changes. */
  readonly counted?: (connections: number) => void;
}

/** A socket that is being served. */
export interface Listening {
  /**
   * Accepts nobody any more, lets the requests that are being answered end within `drainMs`, then closes every
   * connection. A file of the daemon's own is removed first.
   */
  close(drainMs: Millis): Promise<void>;
}

function listenOnDescriptor(server: Server, fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ fd }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Serves one socket. Resolves when it accepts. @throws Fault as `listenOnFile` does. */
export async function listen(what: Listen): Promise<Listening> {
  const { name, app, where, log } = what;
  const gate = new Gate({
    limits: { ...LIMITS, ...what.limits },
    answer: app.answer,
    admits: app.admits,
    dropped: (reason, peer) => log({ kind: 'drop', socket: name, reason, uid: peer.uid, pid: peer.pid }),
    ...(what.counted && { counted: what.counted }),
  });
  const server = createServer({ allowHalfOpen: true }, (socket) => gate.enter(socket));
  const remove = 'fd' in where ? undefined : await listenOnFile(server, where);
  if ('fd' in where) await listenOnDescriptor(server, where.fd);
  // A connection that cannot be accepted (no descriptors left) is no reason to fall over.
  server.on('error', (error) => log(failureLine(name, 'accept', error)));

  return {
    close: async (drainMs) => {
      await remove?.();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await gate.empty(drainMs);
      await closed;
    },
  };
}
