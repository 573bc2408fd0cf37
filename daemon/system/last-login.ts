// Owns when somebody was last let in: from the audit trail at the start, from each decision afterwards.

import type { Instant, Millis } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { AuditEntry } from '../store/audit.ts';

const LETS_IN: ReadonlySet<string> = new Set(['accepted', 'allow']);
/** How far back is looked at the start. */
const ROWS = 200;

export class LastLogin {
  #at: Instant | null = null;

  /** Looks into the trail. Never throws: where the state is broken, nobody was let in that anybody knows of. */
  lookBack({ state }: Parts): void {
    if (state.problem() !== null) return;
    const rows = state.read((t) => t.audit.rows({ limit: ROWS }));
    this.#at = rows.find(({ outcome }) => LETS_IN.has(outcome))?.at ?? null;
  }

  decided({ outcome, at }: AuditEntry): void {
    if (LETS_IN.has(outcome)) this.#at = at;
  }

  /** How long ago, in corrected time; `null` where nobody was. */
  ago(now: Instant): Millis | null {
    return this.#at === null ? null : Math.max(0, now - this.#at);
  }
}
