// Owns who stands behind a request on web.sock, and whether he may ask for what he asks.

import { personOf } from '../accounts/person.ts';
import { resolveAccount } from '../accounts/resolve-account.ts';
import { Fault } from '../kernel/fault.ts';
import { type Instant, MINUTE, type Millis } from '../kernel/instant.ts';
import type { Role } from '../wire/contract.ts';
import { type Actor, rowBy } from './actor.ts';
import type { Parts } from './parts.ts';

/** A signed-in user. */
export type Caller = Extract<Actor, { kind: 'user' }> & {
  /** Did he show a fresh second step? */
  readonly steppedUp: boolean;
  /** Or at least a mailed code, which is good for a new phone and nothing else? */
  readonly mayReplacePhone: boolean;
};

export interface Asked {
  /** The user whom the gateway names. */
  readonly name: string;
  readonly address: string | null;
  /** What came in X-Step-Up. */
  readonly stepUp: string | undefined;
  /** The contract's identifier of what is asked for. */
  readonly operation: string;
  readonly role: Extract<Role, 'user' | 'administrator'>;
  readonly needsStepUp: boolean;
}

/**
 * The caller, where he may.
 * @throws Fault `no-identity`, `not-an-administrator` (with an audit row), `step-up-required`, `not-enrolled` where a
 * second step is needed from who has none, and those of `resolveAccount`
 */
export async function authorise(parts: Parts, asked: Asked): Promise<Caller> {
  const { state, clock, directory, stepUps } = parts;
  const { name, uid, user } = await resolveAccount(parts, asked.name).catch((error: unknown) => {
    throw error instanceof Fault && error.code === 'unknown-user' ? unknownIdentity(error) : error;
  });
  const scope = stepUps.scopeOf(asked.stepUp, uid, user?.generation ?? 0, clock.elapsed());
  const steppedUp = scope === 'everything';
  const caller: Caller = {
    kind: 'user',
    name,
    uid,
    address: asked.address,
    steppedUp,
    mayReplacePhone: scope !== null,
  };
  if (asked.role === 'administrator') {
    const found = await directory.resolve(name);
    const person = await personOf(parts, { name, uid }, found.kind === 'found' ? found.account : null, true);
    if (person.administrator === null) throw unsure(name);
    if (!person.administrator) {
      await recordRefusal(parts, caller, asked.operation);
      throw notAnAdministrator();
    }
  }
  if (asked.needsStepUp && !steppedUp) {
    throw user && state.read((t) => t.factors.of(user.id)) ? stepUpRequired() : enrolFirst();
  }
  return caller;
}

/** How long one user's refusals of one operation stand for those that follow: a row a try would wear the medium. */
const SAID_FOR: Millis = MINUTE;

/** One audit row a user, operation and minute, so that nobody floods the trail. */
async function recordRefusal(parts: Parts, caller: Caller, operation: string): Promise<void> {
  const { state, clock, refusals } = parts;
  if (!refusals.first(`${caller.uid} ${operation}`, clock.elapsed(), SAID_FOR)) return;
  const at: Instant = clock.now();
  await state.write(
    (t) => t.audit.add(rowBy(caller, at, caller.name, 'refused', `not-an-administrator: ${operation}`)),
    'now',
  );
}

export function stepUpRequired(): Fault {
  return new Fault(
    'step-up-required',
    'This weakens the protection of an account, so it needs a fresh second step. Nothing was changed.',
    'Ask for a code, send it to /api/v1/me/step-up, and repeat the request with the token in the header X-Step-Up.',
  );
}

function enrolFirst(): Fault {
  return new Fault(
    'not-enrolled',
    'This needs a fresh second step, and you have not enrolled. Nothing was changed.',
    'Switch two-factor on for yourself first, in Personal Settings.',
  );
}

function notAnAdministrator(): Fault {
  return new Fault(
    'not-an-administrator',
    'This is for administrators only. The attempt was written down.',
    'Ask an administrator of this NAS.',
  );
}

function unknownIdentity(cause: unknown): Fault {
  return new Fault(
    'no-identity',
    'The signed-in user is not known to this system.',
    'Sign out and in again; if it stays, the gateway names somebody who does not exist.',
    cause,
  );
}

function unsure(name: string): Fault {
  return new Fault(
    'directory-unavailable',
    `The system's user directory did not say which groups ${name} is in, so nobody knows whether this is an administrator.`,
    'Check the directory service (sssd, winbind, nslcd), then try again.',
  );
}
