// Owns who may speak on a socket: the second lock behind the file's mode.

import type { Socket } from 'node:net';
import { Fault } from '../kernel/fault.ts';
import { type Peer, peerOf } from '../native/peer.ts';

/** May this process use the socket? */
export type PeerRule = (peer: Peer) => boolean;

/** Admits root, the users in `uids`, and whoever has one of `gids` as primary or supplementary group. */
export function peerRule(who: {
  readonly uids: readonly number[];
  readonly gids: readonly number[];
}): PeerRule {
  const uids = new Set([0, ...who.uids]);
  const gids = new Set(who.gids);
  return (peer) => uids.has(peer.uid) || gids.has(peer.gid) || peer.groups.some((gid) => gids.has(gid));
}

const known = new WeakMap<Socket, Peer>();

/** Asks the kernel who connected. `undefined` where the connection is gone already: nobody. */
export function identify(socket: Socket): Peer | undefined {
  const fd = (socket as Socket & { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
  if (fd === undefined || fd < 0) return undefined;
  try {
    const peer = peerOf(fd);
    known.set(socket, peer);
    return peer;
  } catch {
    return undefined;
  }
}

/** Who `identify` found at the other end of this connection. */
export function peerOn(socket: Socket): Peer | undefined {
  return known.get(socket);
}

/** What a process hears that may not use the socket. */
export function notAllowed(): Fault {
  return new Fault(
    'peer-not-allowed',
    'The process that connected is neither root nor in the group that this socket is for.',
    "Run it as a member of the socket's group; see who that is with ls -l /run/fygo-2fa.",
  );
}
