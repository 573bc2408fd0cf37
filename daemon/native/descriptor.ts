// Owns what the daemon asks of a file descriptor that it was handed rather than opened.

import { socketOption } from './sockopt.ts';

const SO_TYPE = 3;
const SO_ACCEPTCONN = 30;
const SO_DOMAIN = 39;
const AF_UNIX = 1;
const SOCK_STREAM = 1;

/** Is it a listening stream socket that only this machine can reach? */
export function isListeningUnixSocket(fd: number): boolean {
  try {
    const is = (option: number, value: number) => socketOption(fd, option, 1)[0] === value;
    return is(SO_DOMAIN, AF_UNIX) && is(SO_TYPE, SOCK_STREAM) && is(SO_ACCEPTCONN, 1);
  } catch {
    return false;
  }
}
