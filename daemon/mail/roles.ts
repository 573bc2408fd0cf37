// Owns what the core asks of the helper for mail. What it answers is hostile until wire/mail.ts has read it.

import type { MailRequest } from '../wire/mail.ts';

/** May use the network, for the letter and the credentials it is handed; knows nothing of the state. */
export interface MailRole {
  /** Answers one question within some 45 s, or rejects. */
  handle(request: MailRequest): Promise<unknown>;
}
