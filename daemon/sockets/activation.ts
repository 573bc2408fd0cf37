// Owns socket activation: which of the descriptors that systemd passed is which socket (sd_listen_fds(3)).

import { Fault } from '../kernel/fault.ts';
import { isListeningUnixSocket } from '../native/descriptor.ts';

/** The sockets of the core. */
export const SOCKET_NAMES = ['login.sock', 'web.sock', 'admin.sock'] as const;

/** The sockets of the helpers, one each. */
export const HELPER_SOCKETS = ['time.sock', 'mail.sock', 'set-clock.sock'] as const;

export type CoreSocket = (typeof SOCKET_NAMES)[number];
export type HelperSocket = (typeof HELPER_SOCKETS)[number];

/** A socket by its file's name, which is also its name in systemd (`FileDescriptorName=`). */
export type SocketName = CoreSocket | HelperSocket;

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

/**
 * The listening sockets handed to the process `pid`, by name; none where systemd passed nothing to it. `expected` are
 * the sockets that this process serves.
 * Node has marked them close-on-exec at its start, so the programs that the daemon starts do not get them.
 * @throws Fault `config-invalid` for an unknown or repeated name, and for what is no listening unix socket.
 */
export function passedSockets<Name extends SocketName>(
  variables: ActivationVariables,
  pid: number,
  expected: readonly Name[],
): ReadonlyMap<Name, number> {
  const passed = new Map<Name, number>();
  if (variables.LISTEN_PID !== String(pid)) return passed;
  const count = Number(variables.LISTEN_FDS);
  if (!Number.isInteger(count) || count < 0 || count > MOST)
    throw wrong('LISTEN_FDS is not a number of sockets.');
  const names = (variables.LISTEN_FDNAMES ?? '').split(':');
  for (let index = 0; index < count; index += 1) {
    const name = expected.find((one) => one === names[index]);
    const fd = FIRST + index;
    if (name === undefined) throw wrong(`systemd passed a socket that is not one of ${expected.join(', ')}.`);
    if (passed.has(name)) throw wrong(`systemd passed ${name} twice.`);
    if (!isListeningUnixSocket(fd))
      throw wrong(`What systemd passed as ${name} is not a listening unix socket.`);
    passed.set(name, fd);
  }
  return passed;
}
