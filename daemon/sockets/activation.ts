// Owns socket activation: which of the descriptors that systemd passed is which socket (sd_listen_fds(3)).

import { Fault } from '../kernel/fault.ts';
import { isListeningUnixSocket } from '../native/descriptor.ts';

export const SOCKET_NAMES = ['login.sock', 'web.sock', 'admin.sock'] as const;

/** A socket by its file's name, which is also its name in systemd (`FileDescriptorName=`). */
export type SocketName = (typeof SOCKET_NAMES)[number];

/** The variables of the protocol, as they stand in the environment. */
export interface ActivationVariables {
  readonly LISTEN_PID?: string | undefined;
  readonly LISTEN_FDS?: string | undefined;
  readonly LISTEN_FDNAMES?: string | undefined;
}

const FIRST = 3;
const MOST = 64;

function wrong(message: string): Fault {
  return new Fault(
    'config-invalid',
    `${message} The daemon does not start, so that no socket is served by mistake.`,
    'Look at the .socket units of fygo-2fa: systemctl cat "fygo-2fa*.socket".',
  );
}

function isName(name: string): name is SocketName {
  return (SOCKET_NAMES as readonly string[]).includes(name);
}

/**
 * The listening sockets handed to the process `pid`, by name; none where systemd passed nothing to it.
 * Node has marked them close-on-exec at its start, so the programs that the daemon starts do not get them.
 * @throws Fault `config-invalid` for an unknown or repeated name, and for what is no listening unix socket.
 */
export function passedSockets(variables: ActivationVariables, pid: number): ReadonlyMap<SocketName, number> {
  const passed = new Map<SocketName, number>();
  if (variables.LISTEN_PID !== String(pid)) return passed;
  const count = Number(variables.LISTEN_FDS);
  if (!Number.isInteger(count) || count < 0 || count > MOST)
    throw wrong('LISTEN_FDS is not a number of sockets.');
  const names = (variables.LISTEN_FDNAMES ?? '').split(':');
  for (let index = 0; index < count; index += 1) {
    const name = names[index] ?? '';
    const fd = FIRST + index;
    if (!isName(name)) throw wrong(`systemd passed a socket that is not one of ${SOCKET_NAMES.join(', ')}.`);
    if (passed.has(name)) throw wrong(`systemd passed ${name} twice.`);
    if (!isListeningUnixSocket(fd))
      throw wrong(`What systemd passed as ${name} is not a listening unix socket.`);
    passed.set(name, fd);
  }
  return passed;
}
