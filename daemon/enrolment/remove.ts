// Owns taking a second factor away, forgetting its failures, or forgetting an account: on root's word, with a reason.

import { identify } from '../accounts/identify.ts';
import { resolveAccount, unknownUser } from '../accounts/resolve-account.ts';
import { Fault } from '../kernel/fault.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import type { User } from '../store/users.ts';
import { throttleColumns } from '../verification/stored.ts';
import { fresh } from '../verification/throttle.ts';
import { disarm } from './disarm.ts';

export type Reset = 'factor' | 'failures' | 'account';

/**
 * `factor`: the user keeps his row and has to enrol again where a policy says so. `failures`: waits, the bucket
 * and a suspension are forgotten, the factor stays. `account`: everything goes, the roster's line too; this is
 * the way on where a name or a uid belongs to somebody new, or the state of one user is lost.
 * @throws Fault `root-only` for `account` from anybody but root, and for one's own factor; `unknown-user`, `store-unavailable`; without `account` also those of `resolveAccount`
 */
export async function reset(
  parts: Parts,
  name: string,
  what: Reset,
  reason: string,
  actor: Actor,
): Promise<void> {
  if (what === 'account' && actor.kind !== 'root') throw rootOnly(name);
  const { state, clock, logins, outbox } = parts;
  const target = await targetOf(parts, name, what);
  if (actor.kind === 'user' && what === 'factor' && target.user?.uid === actor.uid) throw ownFactor();
  // A row without its line in the roster is completed at the next start; a line without its row would be lost state.
  const line = what === 'account' && target.user ? state.roster.byName(target.name) : null;
  if (line) state.roster.forget(target.name);
  const work = state.write(
    (t) => {
      const user = target.user && t.users.byId(target.user.id);
      const at = clock.now();
      t.audit.add(rowBy(actor, at, target.name, `reset-${what}`, reason));
      if (!user) return null;
      if (what === 'account') t.users.remove(user);
      if (what === 'failures') forgive(t, user, parts);
      if (what !== 'factor') return null;
      if (t.factors.of(user.id)) notify(t, parts, user, 'two-factor-reset', { actor: actor.name, reason });
      return disarm(t, user, at, 'two-factor-reset');
    },
    what === 'failures' ? 'now' : 'durable',
  );
  const changed = await work.catch((error: unknown) => {
    // Where nobody knows whether the row went, opening the state again completes the roster.
    if (line && state.problem() === null && state.read((t) => t.users.byName(line.name))) {
      state.roster.record(line);
    }
    throw error;
  });
  if (target.user) logins.endAll(target.user.uid);
  if (what === 'account') state.roster.forget(target.name);
  if (changed) state.roster.record(changed);
  outbox.kick();
}

/** Otherwise an administrator would get rid of a factor that is mandatory for him too. */
function ownFactor(): Fault {
  return new Fault(
    'root-only',
    'Nobody resets his own factor: it is switched off in the own settings, where the policy allows it.',
    'Use Personal Settings, or ask another administrator.',
  );
}

function rootOnly(name: string): Fault {
  return new Fault(
    'root-only',
    'An account is forgotten by root alone: what comes after it under the same name inherits nothing.',
    `On the NAS: fygo-2fa user reset ${name} --delete --reason "…".`,
  );
}

function forgive(t: Tables, user: User, { clock, debts }: Parts): void {
  debts.settle(user.id);
  const factor = t.factors.of(user.id);
  if (factor) t.factors.save({ ...factor, ...throttleColumns(fresh(clock.now())) });
}

async function targetOf(
  parts: Parts,
  name: string,
  what: Reset,
): Promise<{ name: string; user: User | null }> {
  const { state, directory } = parts;
  if (what !== 'account') return resolveAccount(parts, name);
  // Whoever is refused everywhere else is just who has to be forgotten here.
  const user = state.read((t) => t.users.byName(name));
  if (user || state.roster.byName(name)) return { name, user };
  const identity = await identify(state, directory, name, undefined);
  if (identity.kind === 'user') return { name: identity.user.name, user: identity.user };
  if (identity.kind === 'deny' && identity.because === 'identity-changed') return formerHolder(parts, name);
  throw unknownUser(name);
}

/** The row that a new account's uid belonged to. */
async function formerHolder(
  { state, directory }: Parts,
  name: string,
): Promise<{ name: string; user: User }> {
  const found = await directory.resolve(name);
  const user = found.kind === 'found' ? state.read((t) => t.users.byUid(found.account.uid)) : null;
  if (!user) throw unknownUser(name);
  return { name: user.name, user };
}
