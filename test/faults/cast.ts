// Owns what the operations of the fault matrix share: the people of the board, and what an operation is.

import type { Bench } from '../scenarios/bench.ts';
import { type Reply, says } from '../scenarios/client.ts';
import type { Mailbox } from '../scenarios/mailbox.ts';
import type { Phone } from '../scenarios/phone.ts';

/** What is there after a fault: as before, or changed. Anything else is half, and a test fails. */
export type Seen = 'old' | 'new';

/** One operation, ready to be asked for. */
export interface Ready {
  act(): Promise<Reply>;
  /** Looks after a restart. May spend what it looks at. */
  look(): Promise<Seen>;
  /** It is refused when all is well; the refusal of any other would be a cell that shows nothing. */
  readonly refused?: true;
}

/** The people of the board: alice has a phone and an address; bob, carol and dan come and go. */
export interface Cast {
  readonly bench: Bench;
  readonly mailbox: Mailbox;
  readonly alice: Phone;
  /** Of alice's, not used yet. */
  codes: string[];
}

export type Operation = (cast: Cast) => Promise<Ready>;

/** Forgets what alice got wrong. */
export async function forgiven({ bench }: Cast): Promise<void> {
  says(await bench.asRoot('POST /v1/users/alice/reset', { reason: 'faults', what: 'failures' }), 200);
}
