// Owns the change of a board's master key while the daemon is stopped: readable before, readable after, whenever it is cut.

import { formatRoster } from '../accounts/roster.ts';
import { Fault } from '../kernel/fault.ts';
import { readOnly } from '../store/absent.ts';
import { parseKey } from '../store/key.ts';
import { openBoard, type StateOptions } from '../store/opening.ts';
import { reseal } from '../store/reseal.ts';
import { abandon, commitSwap, finishSwap, prepare } from '../store/swap.ts';

/**
 * Seals everything with a new key. Seeds and recovery codes work on; tokens of known browsers end, and the daemon's own
 * backups, which were closed with the old key, go. @returns how many values were sealed anew
 * @throws Fault why the board cannot be opened, `key-missing` for a value that does not open: nothing changed then
 */
export function rotateKey(options: StateOptions): number {
  const { database, roster, random } = options;
  const { db, key, log, shadowed } = openBoard(options, true);
  let sealed: number;
  try {
    if (shadowed) throw readOnly(database);
    const keyFile = key.successor(random);
    const next = parseKey(keyFile);
    if (!next) throw new Fault('internal', 'The new key could not be read back.', 'Report this.');
    sealed = reseal(prepare(database), db, { present: key, next }, random);
    commitSwap(options, {
      keyFile,
      rosterText: formatRoster(roster.entries(), next.subkey('roster')),
      setAside: false,
      dropBackups: true,
      note: null,
    });
  } finally {
    abandon(database);
    log.close();
    db.close();
  }
  finishSwap(options);
  return sealed;
}
