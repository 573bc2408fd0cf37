// Owns who is at the other end of a unix socket, as the kernel vouches for it.

import { socketOption } from './sockopt.ts';

const SO_PEERCRED = 17;
const SO_PEERGROUPS = 59;
const USUAL_GROUPS = 32;

/** The process that connected, as it was when it connected. `groups` are the supplementary ones. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/**
 * The peer of a connected unix socket: SO_PEERCRED knows the primary group only, SO_PEERGROUPS the others.
 * @throws Fault `internal` where `fd` is not a connected unix socket.
 */
export function peerOf(fd: number): Peer {
  const [pid = 0, uid = 0xffff_ffff, gid = 0xffff_ffff] = socketOption(fd, SO_PEERCRED, 3);
  return { pid, uid, gid, groups: Array.from(socketOption(fd, SO_PEERGROUPS, USUAL_GROUPS)) };
}
