// Owns datagrams to a unix socket: what Node's core lacks, and what systemd wants to be told through.

import { closeSync } from 'node:fs';
import { errno, errorNumber, libc } from './libc.ts';

const socket = libc.func('int socket(int domain, int type, int protocol)');
const sendto = libc.func(
  'int64 sendto(int fd, const void *data, size_t length, int flags, const void *address, uint32 size)',
);

const AF_UNIX = 1;
/** SOCK_DGRAM | SOCK_CLOEXEC */
const DATAGRAM = 0o2000002;
/** MSG_NOSIGNAL | MSG_DONTWAIT: whoever does not read must not stop the daemon. */
const FLAGS = 0x4000 | 0x40;
const EAGAIN = errorNumber('EAGAIN');
/** `sun_path` of unix(7). */
const LONGEST = 108;

/** `sent`; `full` where the reader lags behind; `failed` where nobody reads there. */
export type Sent = 'sent' | 'full' | 'failed';

export interface Datagrams {
  send(data: Buffer): Sent;
  close(): void;
}

/**
 * A way to send datagrams to `path`; one that begins with `@` is in the abstract namespace. The socket there may come
 * and go. @throws RangeError where the path is too long, Error where the kernel gives no socket.
 */
export function datagramsTo(path: string): Datagrams {
  const address = addressOf(path);
  const fd = socket(AF_UNIX, DATAGRAM, 0) as number;
  if (fd < 0) throw new Error(`socket(2) failed with errno ${errno()}`);
  return {
    send: (data) => {
      const sent = Number(sendto(fd, data, data.length, FLAGS, address, address.length));
      if (sent === data.length) return 'sent';
      return sent < 0 && errno() === EAGAIN ? 'full' : 'failed';
    },
    close: () => closeSync(fd),
  };
}

/** `struct sockaddr_un`. */
function addressOf(path: string): Buffer {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  if (name.length > LONGEST) throw new RangeError(`a socket's path has at most ${LONGEST - 1} bytes`);
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, name]);
}
