// Owns getsockopt(2): reading what the kernel knows of a socket, at the level SOL_SOCKET.

import { Fault } from '../kernel/fault.ts';
import { errno, errorNumber, libc } from './libc.ts';

const getsockopt = libc.func('int getsockopt(int fd, int level, int name, void *value, void *length)');

const SOL_SOCKET = 1;
const ERANGE = errorNumber('ERANGE');

/**
 * The words of a socket option. `words` is a guess; a larger answer (ERANGE) is fetched again.
 * @throws Fault `internal` where the kernel does not answer, e.g. because `fd` is not a socket.
 */
export function socketOption(fd: number, name: number, words: number): Uint32Array {
  const value = new Uint32Array(words);
  const length = Uint32Array.of(value.byteLength);
  if (getsockopt(fd, SOL_SOCKET, name, value, length) === 0) {
    return value.subarray(0, (length[0] ?? 0) / value.BYTES_PER_ELEMENT);
  }
  const needed = Math.ceil((length[0] ?? 0) / value.BYTES_PER_ELEMENT);
  if (errno() === ERANGE && needed > words) return socketOption(fd, name, needed);
  throw new Fault(
    'internal',
    `The kernel does not answer about a socket (option ${name}, errno ${errno()}).`,
    'Report this; the connection is treated as one from nobody.',
  );
}
