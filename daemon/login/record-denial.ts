// Owns the audit row of a login that was refused at its beginning.

import type { Parts } from '../service/parts.ts';
import type { BeginBody, Denial } from '../wire/login.ts';

/** Written before the answer leaves. @throws Fault `store-unavailable` */
export async function recordDenial({ state, clock }: Parts, body: BeginBody, because: Denial): Promise<void> {
  const { user, service, remoteAddress = null } = body;
  await state.write(
    (t) => t.audit.add({ at: clock.now(), user, service, address: remoteAddress, outcome: 'deny', because }),
    'now',
  );
}
