// Owns the helpers as the core sees them where they are processes of their own: each behind its socket.

import type { SetClockRole, TimeRole } from '../clock/roles.ts';
import { type Millis, SECOND } from '../kernel/instant.ts';
import type { MailRole } from '../mail/roles.ts';
import { mailContract, setClockContract, timeContract } from '../wire/helpers.ts';
import { askHelper } from './ask.ts';

/** Asking takes a helper some 5 s; before that it may have to be started, on a slow board that is booting. */
const PATIENCE: Millis = 20 * SECOND;
/** A mail server may take 45 s over a letter. */
const MAIL_PATIENCE: Millis = 60 * SECOND;

/** @param socketPath time.sock */
export function remoteTime(socketPath: string): TimeRole {
  return {
    measure: (servers) =>
      askHelper({ socketPath, operation: timeContract.measure, body: { servers }, patience: PATIENCE }),
  };
}

/** @param socketPath set-clock.sock */
export function remoteSetClock(socketPath: string): SetClockRole {
  return {
    set: (epoch) =>
      askHelper({ socketPath, operation: setClockContract.set, body: { epoch }, patience: PATIENCE }),
    automatic: (on) =>
      askHelper({ socketPath, operation: setClockContract.automatic, body: { on }, patience: PATIENCE }),
  };
}

/** @param socketPath mail.sock */
export function remoteMail(socketPath: string): MailRole {
  return {
    handle: (request) =>
      askHelper({ socketPath, operation: mailContract.handle, body: request, patience: MAIL_PATIENCE }),
  };
}
