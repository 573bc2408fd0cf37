// Owns how a page speaks to the daemon: one call, its answer or its problem, nothing kept.

/** An answer as it came. `status` 0: the daemon or the gateway could not be reached. */
export interface Reply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly etag: string | null;
}

/** RFC 9457, as the daemon writes it. */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Nothing of the daemon takes longer; a gateway that hangs must not leave a page that waits for ever. */
const PATIENCE = 30_000;

/**
 * Asks the daemon at `path` below this page's folder, so that a gateway may serve the pages under a prefix.
 * Never throws. @param headers e.g. X-Step-Up, If-Match
 */
export async function call<Body = Record<string, unknown>>(
  method: Method,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply<Body & Problem>> {
  // Not AbortSignal.timeout: older Safari has none.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(new URL(`./api/v1/${path}`, document.baseURI), {
      method,
      cache: 'no-store',
      redirect: 'error',
      signal: patience.signal,
      headers: { ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const etag = response.headers.get('ETag');
    // A gateway answers an ended session in its own way, often with a page.
    const json = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
    return { status: response.status, body: json && text !== '' ? JSON.parse(text) : {}, etag };
  } catch {
    return { status: 0, body: {} as Body & Problem, etag: null };
  } finally {
    clearTimeout(timer);
  }
}

export function isGood({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status < 300;
}
