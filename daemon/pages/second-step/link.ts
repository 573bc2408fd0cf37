// Owns what the link to the second-step page says: which login, whose, and where the proof goes.

export interface Link {
  readonly login: string;
  readonly user: string;
  /** A path of this site that takes the proof. */
  readonly proofTo: string;
  /** A path of this site where a login begins. */
  readonly again: string;
}

const LOGIN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads `#login=…&user=…&return=/…&again=/…`. `null` where it names no login. The proof is worth a login, so a place
 * outside this site is not taken, whatever the link says.
 */
export function readLink(fragment: string, origin: string): Link | null {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const login = fields.get('login') ?? '';
  const user = fields.get('user') ?? '';
  const proofTo = ownPath(fields.get('return'), origin);
  if (!LOGIN.test(login) || user === '' || proofTo === null) return null;
  return { login, user, proofTo, again: ownPath(fields.get('again'), origin) ?? '/' };
}

function ownPath(text: string | null, origin: string): string | null {
  if (!text?.startsWith('/')) return null;
  const url = parsed(text, origin);
  if (url?.origin !== origin) return null;
  const path = url.pathname + url.search;
  // Two slashes name another host, and what was written as "/.//host" has them once its dots are resolved.
  return path.startsWith('//') ? null : path;
}

/** `URL.parse` is younger than browsers that people use. */
function parsed(text: string, origin: string): URL | null {
  try {
    return new URL(text, origin);
  } catch {
    return null;
  }
}
