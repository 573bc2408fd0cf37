// Owns putting a backup in place of the state of a board whose daemon is stopped: checked first, then all or nothing.

import { type Aftermath, afterRestore } from '../accounts/restored.ts';
import { formatRoster, type RosterEntry } from '../accounts/roster.ts';
import { Fault } from '../kernel/fault.ts';
import type { Instant } from '../kernel/instant.ts';
import { type MasterKey, parseKey } from '../store/key.ts';
import { hasDatabase, type Opened, openBoard, type StateOptions } from '../store/opening.ts';
import { newestSchema, rebuild, type Saved } from '../store/rebuild.ts';
import { abandon, commitSwap, finishSwap, prepare } from '../store/swap.ts';
import type { Tables } from '../store/tables.ts';
import { type Header, invalid, tooNew } from './file.ts';
import { fromCells, type Payload } from './payload.ts';

/** What a restore does, or would do. */
export interface Restoration extends Aftermath {
  readonly takenAt: string;
  readonly program: string;
  readonly schema: number;
  /** False: policy and settings only; users stay as they are. */
  readonly secrets: boolean;
  readonly sameBoard: boolean;
}

/** A payload's rows for the store. */
export function savedOf({ schema, tables, sequences }: Payload): Saved {
  const rows = Object.fromEntries(Object.entries(tables).map(([name, cells]) => [name, fromCells(cells)]));
  return { schema, contents: { tables: rows, sequences } };
}

/**
 * Everything is built beside the present state and checked before anything of it is touched; from then on an
 * interruption is finished by the next start. @param dryRun builds and checks, and changes nothing
 * @throws Fault `backup-invalid`, `backup-too-new`, `key-missing` and `store-unavailable`
 */
export function restore(
  options: StateOptions,
  { header, payload }: { readonly header: Header; readonly payload: Payload },
  now: Instant,
  dryRun: boolean,
): Restoration {
  if (payload.schema > newestSchema()) throw tooNew(`schema ${payload.schema}`);
  const key = payload.key === null ? null : parseKey(payload.key);
  if (payload.key !== null && !key) throw invalid('the key in it is none');
  if (!options.mounted()) throw notMounted();
  if (!dryRun) finishSwap(options);
  const present = presentOf(options, dryRun);
  let done: Restoration;
  try {
    if (!key && !present) throw settingsNeedBoard();
    done = replace(options, { header, payload, key, present, now, dryRun });
  } finally {
    present?.log.close();
    present?.db.close();
  }
  if (!dryRun) finishSwap(options);
  return done;
}

interface Replacement {
  readonly header: Header;
  readonly payload: Payload;
  readonly key: MasterKey | null;
  readonly present: Opened | null;
  readonly now: Instant;
  readonly dryRun: boolean;
}

function replace(
  options: StateOptions,
  { header, payload, key, present, now, dryRun }: Replacement,
): Restoration {
  const { roster, database, auditRows, floor, random } = options;
  const newKey = key ?? (present as Opened).key;
  const known = roster.entries();
  const sameBoard = present !== null && roster.sound && newKey.id.equals(present.key.id);
  let aftermath: Aftermath = { users: [], codesEnded: [], lost: [] };
  let entries: readonly RosterEntry[] = known;
  const adjust = (t: Tables) => {
    if (!key) return;
    const because = `backup-of=${header.takenAt}`;
    const names = known.map(({ name }) => name);
    aftermath = afterRestore(t, sameBoard ? known : null, names, now, because);
    entries = merged(known, t, sameBoard);
  };
  try {
    const folder = prepare(database);
    const saved = savedOf(payload);
    build(() =>
      rebuild(folder, {
        base: present?.db ?? null,
        saved,
        sealing: { key: newKey, random },
        floor,
        auditRows,
        adjust,
      }),
    );
    if (!dryRun) {
      commitSwap(options, {
        keyFile: payload.key,
        rosterText: formatRoster(entries, newKey.subkey('roster')),
        setAside: false,
        dropBackups: !sameBoard,
        note: null,
      });
    }
  } finally {
    abandon(database);
  }
  const { takenAt, program } = header;
  return { takenAt, program, schema: payload.schema, secrets: key !== null, sameBoard, ...aftermath };
}

/** Everybody's line stays: a name in the roster without a row is "lost", never "not enrolled". */
export function merged(known: readonly RosterEntry[], t: Tables, sameBoard: boolean): RosterEntry[] {
  const entries = new Map(known.map((entry) => [entry.name, entry]));
  for (const { name, uid, counter } of t.users.all()) {
    // Another board's counters count something else.
    const before = sameBoard ? (entries.get(name)?.counter ?? 0) : 0;
    entries.set(name, { name, uid, counter: Math.max(counter, before) });
  }
  return [...entries.values()];
}

/** The present state; `null` where there is none that can be opened: then the backup is all there is. */
function presentOf(options: StateOptions, dryRun: boolean): Opened | null {
  try {
    const mayCreate = !dryRun && hasDatabase(options);
    return openBoard({ ...options, mayCreate, ownBackup: () => null }, true);
  } catch (error) {
    // Its names keep people from becoming "not enrolled", whoever wrote them.
    options.roster.load(null);
    if (error instanceof Fault && /locked/.test(error.message)) throw error;
    return null;
  }
}

function build(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault && error.code !== 'store-unavailable') throw error;
    const code =
      ((error as Fault).cause as NodeJS.ErrnoException | undefined)?.code ??
      (error as NodeJS.ErrnoException).code;
    if (['ENOSPC', 'EROFS', 'EIO'].includes(code ?? '')) throw error;
    throw invalid('its rows do not fit together');
  }
}

function settingsNeedBoard(): Fault {
  return new Fault(
    'backup-invalid',
    'This backup holds settings only, and there is no state on this board that they could be put into. Nothing was changed.',
    'Start the daemon once, stop it, and restore again; or take a backup that a passphrase closes.',
  );
}

function notMounted(): Fault {
  return new Fault(
    'store-unavailable',
    'The medium that holds the state is not mounted, so nothing was restored into the empty folder.',
    'Mount it, then restore again.',
  );
}
