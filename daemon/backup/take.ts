// Owns what goes into a backup: a consistent picture of the running daemon's state.

import type { Parts } from '../service/parts.ts';
import { type Payload, toCells } from './payload.ts';

/**
 * All of it, or policy and settings alone. The rows are read in one go, between two commits.
 * @param secrets also users, seeds, and the key that opens them: whoever gets this can be everybody
 * @throws Fault when there is no state to be read
 */
export function takeBackup({ state }: Pick<Parts, 'state'>, secrets: boolean): Payload {
  const { schema, contents } = state.snapshot(secrets ? ['settings', 'accounts'] : ['settings']);
  const tables = Object.fromEntries(
    Object.entries(contents.tables).map(([name, rows]) => [name, toCells(rows)]),
  );
  const key = secrets ? state.key().file() : null;
  return { schema, key, floor: state.floor() ?? 0, tables, sequences: { ...contents.sequences } };
}
