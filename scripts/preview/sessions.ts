// Owns the preview's sessions: who is signed in, and which logins this browser has begun.

import { randomBytes } from 'node:crypto';

export interface Session {
  readonly id: string;
  user: string | null;
  /** Logins begun here, by their ID: only these may be completed here. */
  readonly logins: Map<string, string>;
  /** A password reset that was begun here. */
  reset: { readonly id: string; readonly user: string } | null;
}

export const COOKIE = 'preview-session';

export class Sessions {
  readonly #byId = new Map<string, Session>();

  /** The session of a request, or a new one. */
  of(cookies: Readonly<Record<string, string>>): Session {
    return this.#byId.get(cookies[COOKIE] ?? '') ?? this.#add(null);
  }

  /** Signing in makes a new session, so that a known ID is worth nothing. */
  signIn(session: Session, user: string): Session {
    this.#byId.delete(session.id);
    return this.#add(user);
  }

  signOut(session: Session): void {
    this.#byId.delete(session.id);
  }

  /** Ends every session of a user, as a new password does. */
  endAll(user: string): void {
    for (const session of this.#byId.values()) if (session.user === user) this.#byId.delete(session.id);
  }

  #add(user: string | null): Session {
    const session = { id: randomBytes(16).toString('base64url'), user, logins: new Map(), reset: null };
    this.#byId.set(session.id, session);
    return session;
  }
}

export function cookiesOf(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const pair of (header ?? '').split(/;\s*/)) {
    const at = pair.indexOf('=');
    if (at > 0) cookies[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return cookies;
}
