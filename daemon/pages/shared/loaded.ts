// Owns how a page asks for a document when it is opened, and again when something changed.

import { useEffect, useState } from 'preact/hooks';
import { call, isGood, type Problem, type Reply } from './api.ts';

export interface Loaded<Body> {
  readonly body: Body | null;
  readonly etag: string | null;
  /** The reply that failed. */
  readonly failed: Reply<Problem> | null;
  /** Counts the answers: a part that asks for itself is keyed by it. */
  readonly version: number;
  readonly reload: () => Promise<void>;
  /** The same without a new version: what a form holds stays. */
  readonly renew: () => Promise<void>;
  readonly set: (body: Body) => void;
}

/** The document at `path`, asked for once and whenever `reload` is called. */
export function useLoaded<Body>(path: string): Loaded<Body> {
  const [reply, setReply] = useState<Reply<Body & Problem> | null>(null);
  const [version, setVersion] = useState(0);
  const renew = async () => setReply(await call<Body>('GET', path));
  const reload = async () => {
    await renew();
    setVersion((count) => count + 1);
  };
  useEffect(() => void reload(), [path]);
  const good = reply !== null && isGood(reply);
  return {
    body: good ? reply.body : null,
    etag: good ? reply.etag : null,
    failed: reply !== null && !good ? reply : null,
    version,
    reload,
    renew,
    set: (body) =>
      setReply((before) => ({ status: 200, etag: before?.etag ?? null, body: body as Body & Problem })),
  };
}
