// Owns new recovery codes, and the one-time pass that root gives out: each raises the user's counter.

import { resolveAccount } from '../accounts/resolve-account.ts';
import { hashesOf } from '../enrolment/enrol.ts';
import { Fault } from '../kernel/fault.ts';
import { DAY, type Instant, later } from '../kernel/instant.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { RecoveryKind } from '../store/recovery-codes.ts';
import { newRecoveryCode, newRecoveryCodes } from './code.ts';

/** How long a one-time pass works. */
export const PASS_LIVES = DAY;

/** Ten new recovery codes in place of the old ones. @throws Fault `not-enrolled` and those of `resolveAccount` */
export async function renewRecoveryCodes(
  parts: Parts,
  name: string,
  actor: Actor,
): Promise<readonly string[]> {
  const codes = newRecoveryCodes(parts.random);
  await replace(parts, name, actor, 'code', codes, null);
  return codes;
}

/** One code with a reason, for 24 hours, in place of an earlier pass. @throws as `renewRecoveryCodes` */
export async function issuePass(
  parts: Parts,
  name: string,
  reason: string,
  actor: Actor,
): Promise<{ readonly pass: string; readonly expires: Instant }> {
  const pass = newRecoveryCode(parts.random);
  const expires = later(parts.clock.now(), PASS_LIVES);
  await replace(parts, name, actor, 'pass', [pass], { expires, reason });
  return { pass, expires };
}

async function replace(
  parts: Parts,
  name: string,
  actor: Actor,
  kind: RecoveryKind,
  codes: readonly string[],
  pass: { readonly expires: Instant; readonly reason: string } | null,
): Promise<void> {
  const { state, clock, outbox } = parts;
  const who = await resolveAccount(parts, name);
  const changed = await state.write(
    (t) => {
      const user = t.users.byUid(who.uid);
      if (!user || !t.factors.of(user.id)) throw notEnrolled(who.name);
      const at = clock.now();
      t.recoveryCodes.replace(
        user.id,
        kind,
        hashesOf(codes, user.id, state.key()),
        at,
        pass?.expires ?? null,
      );
      const outcome = kind === 'pass' ? 'pass-issued' : 'recovery-codes-renewed';
      const by = actor.kind === 'root' ? 'by-root' : 'by-user';
      t.audit.add(rowBy(actor, at, user.name, outcome, pass?.reason ?? by));
      notify(t, parts, user, outcome, {
        address: actor.kind === 'user' ? actor.address : null,
        actor: actor.name === user.name ? null : actor.name,
        reason: pass?.reason ?? null,
      });
      return t.users.save({ ...user, counter: user.counter + 1 });
    },
    kind === 'pass' ? 'now' : 'durable',
  );
  state.roster.record(changed);
  outbox.kick();
}

function notEnrolled(name: string): Fault {
  return new Fault(
    'not-enrolled',
    `${name} does not use two-factor, so there is nothing to get around.`,
    `Enrol the user first: fygo-2fa user enrol ${name}.`,
  );
}
