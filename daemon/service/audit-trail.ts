// Owns reading the audit trail, a page at a time.

import { type Instant, instant, toRfc3339 } from '../kernel/instant.ts';
import type { AuditDocument } from '../wire/admin.ts';
import type { Parts } from './parts.ts';

const PAGE = 100;
const MOST = 500;

export interface AuditQuery {
  readonly user?: string | undefined;
  /** RFC 3339. */
  readonly since?: string | undefined;
  readonly before?: string | undefined;
  readonly limit?: string | undefined;
}

/** Newest first; `next` is what to give as `before` for the next page, `null` at the end. */
export function auditTrail(
  { state }: Parts,
  query: AuditQuery,
): { readonly rows: AuditDocument[]; readonly next: number | null } {
  const limit = Math.min(MOST, Math.max(1, Number(query.limit ?? PAGE)));
  const since: Instant | undefined = query.since === undefined ? undefined : instant(Date.parse(query.since));
  const before = query.before === undefined ? undefined : Number(query.before);
  const rows = state.read((t) => t.audit.rows({ user: query.user, since, before, limit }));
  const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
  return {
    rows: rows.map(({ at, actor, ...row }) => ({
      ...row,
      time: toRfc3339(at),
      ...(actor === null ? {} : { actor }),
    })),
    next,
  };
}
