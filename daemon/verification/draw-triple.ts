// Owns the search that three codes need on a board that has lost the time: its turn first, then the search.

import type { Millis } from '../kernel/instant.ts';
import type { Login } from '../login/challenge.ts';
import type { Parts } from '../service/parts.ts';
import { locate } from './locate.ts';
import { factorStateOf } from './stored.ts';
import { stepAt } from './totp.ts';
import type { Turn } from './turns.ts';
import type { TypedCodes } from './typed.ts';
import { demand } from './verify.ts';

/** When to come back while somebody else's codes are searched for. */
const SEARCH_AGAIN: Millis = 5_000;

/**
 * Takes a turn and searches, in slices and before the spending transaction; `null` when there is nothing to
 * search (the clock is not below the floor, another form, or TOTP is closed).
 */
export async function drawTriple(
  { state, clock, turns }: Parts,
  login: Pick<Login, 'id' | 'userId' | 'lane' | 'source'>,
  typed: TypedCodes,
): Promise<{ turn: Turn; located: number | null } | null> {
  const now = clock.now();
  const id = login.userId;
  if (clock.trust() !== 'below-floor' || typed.form !== 'triple' || id === null) return null;
  const { row, floor } = state.read((t) => ({
    row: t.factors.of(id),
    floor: t.boards.current()?.floor ?? now,
  }));
  if (!row || demand(row, login.lane, now, 'below-floor').suspended) return null;
  // One search at a time: more of them would only slow each other down, and the owner's with them.
  if (turns.searching.busy) return { turn: { go: false, retryAfter: SEARCH_AGAIN }, located: null };
  const turn = turns.triple.ask(id, login.lane, login.source, login.id, clock.elapsed());
  if (!turn.go) return { turn, located: null };
  const { secret } = factorStateOf(row, new Set(), state.key());
  const from = Math.max(stepAt(floor), row.lastStep + 1, row.earliestStep);
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  turns.searching.busy = true;
  try {
    return { turn, located: await locate(typed.codes, secret, from, breathe) };
  } finally {
    turns.searching.busy = false;
  }
}
