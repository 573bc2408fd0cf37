// Owns the first code typed during a login: it enrols, and completes that login.

import { token } from '../kernel/random.ts';
import { accept, type Channel, type Outcome, refusal } from '../login/outcome.ts';
import { auditRow, movedOn, settle, userOf } from '../login/settle.ts';
import { explanation } from '../login/words.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import { stepAt } from '../verification/totp.ts';
import { enrol } from './enrol.ts';
import { type FirstCode, judgeFirst, noEnrolment, singleCode } from './first-code.ts';

/**
 * Confirms the secret that a login was offered, which completes that login.
 * @throws Fault `unknown-login`, `no-enrolment`, `malformed-code`, `store-unavailable`
 */
export async function confirmForLogin(
  parts: Parts,
  body: { readonly login: string; readonly user: string; readonly code: string },
  channel: Channel,
): Promise<Outcome> {
  const { state, clock, logins, random, outbox } = parts;
  const login = logins.find(body.login, body.user, clock.elapsed());
  if (login.state !== 'open') return refusal('used-code');
  const secret = login.offered;
  if (!secret) throw noEnrolment();
  state.assertRoom();
  const code = singleCode(body.code);
  const pause = logins.pause(login, clock.elapsed());
  if (pause > 0) return { kind: 'wait', retryAfter: pause };
  const proof = token(random);
  let mine = false;
  const decided = await state
    .write((t) => {
      const now = clock.now();
      const user = userOf(t, login);
      if (login.state !== 'open') return { kind: 'refused', because: 'used-code' } as const;
      // Somebody else enrolled the account since: his factor is not replaced.
      if (movedOn(t, login, user, now) || (user && t.factors.of(user.id))) {
        return { kind: 'refused', because: 'login-changed' } as const;
      }
      const first = judgeFirst(code, secret, stepAt(now));
      if (first.kind !== 'right') {
        t.audit.add(auditRow(login, now, 'refused', 'wrong-code'));
        return { kind: 'not-right', first } as const;
      }
      const enrolled = enrol(t, { name: login.user, uid: login.uid }, secret, first, now, {
        key: state.key(),
        random,
      });
      t.audit.add(auditRow(login, now, 'enrolled', 'at-login'));
      notify(t, parts, enrolled.user, 'two-factor-on', { address: login.address });
      settle(t, login, enrolled.user, now, { method: 'totp', channel, proof, notice: null, device: null });
      login.state = 'accepting';
      mine = true;
      return { kind: 'enrolled', enrolled } as const;
    })
    .catch((error: unknown) => {
      if (mine) login.state = 'open';
      throw error;
    });
  if (decided.kind === 'refused') return refusal(decided.because);
  if (decided.kind === 'not-right') {
    logins.missed(login, clock.elapsed());
    return explained(decided.first, login.locale);
  }
  const { user, recoveryCodes, verdict } = decided.enrolled;
  state.roster.record(user);
  outbox.kick();
  logins.accepted(login);
  if (channel === 'page') return { kind: 'completed', proof, recoveryCodes };
  return {
    kind: 'admission',
    admission: accept(verdict, state, user, clock.now(), { recoveryCodes }),
  };
}

function explained(first: Exclude<FirstCode, { kind: 'right' }>, locale: string | null): Outcome {
  if (first.kind === 'wrong') return refusal('wrong-code');
  return { ...refusal('wrong-code'), explanation: explanation(first.code, locale, first.seconds) };
}
