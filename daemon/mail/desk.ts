// Owns what is remembered of the mail provider between two letters: the role, the access token, an authorisation that waits.

import type { Millis } from '../kernel/instant.ts';
import type { Secret } from '../kernel/secret.ts';
import type { MailRole } from './roles.ts';

/** A device code that somebody is typing in at the provider. */
export interface Authorising {
  /** Of the setting it was asked for: a setting that changed is not what was authorised. */
  readonly version: number;
  readonly deviceCode: Secret;
  /** Elapsed time. */
  readonly until: Millis;
  readonly interval: Millis;
  /** Elapsed time of the next poll that the provider will not mind. */
  readonly notBefore: Millis;
}

interface Access {
  readonly version: number;
  readonly token: Secret;
  readonly until: Millis;
}

/** An access token is not used up to its last moment: the letter still has to get there. */
const MARGIN: Millis = 60_000;

export class MailDesk {
  readonly role: MailRole;
  authorising: Authorising | null = null;
  #access: Access | null = null;

  constructor(role: MailRole) {
    this.role = role;
  }

  /** The access token for that version of the setting, where one is still good. */
  access(version: number, elapsed: Millis): Secret | null {
    const { token, ...held } = this.#access ?? { version: 0, until: 0, token: null };
    return held.version === version && held.until - MARGIN > elapsed ? token : null;
  }

  /** Keeps an access token in memory. @param until elapsed time */
  keep(version: number, token: Secret, until: Millis): void {
    this.#access = { version, token, until };
  }

  /** The provider did not take it. */
  forget(): void {
    this.#access = null;
  }
}
