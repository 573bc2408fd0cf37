// Owns what the helpers answer: a role's interface, put behind the contract of its socket.

import type { SetClockRole, TimeRole } from '../clock/roles.ts';
import type { MailRole } from '../mail/roles.ts';
import type { Handlers } from '../sockets/handler.ts';
import type { MailContract, SetClockContract, TimeContract } from '../wire/helpers.ts';

export function timeHandlers(role: TimeRole): Handlers<TimeContract> {
  return { measure: async ({ body }) => ({ status: 200, body: await role.measure(body.servers) }) };
}

export function setClockHandlers(role: SetClockRole): Handlers<SetClockContract> {
  return {
    set: async ({ body }) => ({ status: 200, body: await role.set(body.epoch) }),
    automatic: async ({ body }) => ({ status: 200, body: await role.automatic(body.on) }),
  };
}

export function mailHandlers(role: MailRole): Handlers<MailContract> {
  return { handle: async ({ body }) => ({ status: 200, body: await role.handle(body) }) };
}
