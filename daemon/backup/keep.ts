// Owns the daemon's own backups: taken by itself, kept beside the state, used when the database is damaged.

import { createHash } from 'node:crypto';
import { afterRestore } from '../accounts/restored.ts';
import { formatRoster, type Roster } from '../accounts/roster.ts';
import { DAY, type Instant, instant, type Millis, toRfc3339 } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { MasterKey } from '../store/key.ts';
import type { OwnBackup } from '../store/opening.ts';
import { addOwnBackup, ownBackups } from '../store/own-backups.ts';
import type { Tables } from '../store/tables.ts';
import { closeBackup, type Header, openBackup } from './file.ts';
import type { Payload } from './payload.ts';
import { merged, savedOf } from './restore.ts';
import { takeBackup } from './take.ts';

/** A login a minute must not wear the flash: what changes with each is worth a backup a day. */
const AT_MOST: Millis = DAY;
/** Whoever enrols or sets something must not be lost with the next damage: within the hour these are saved. */
const DECISIVE = ['user', 'policy', 'policy_name', 'recovery_code'];

/** Takes backups while the daemon runs. */
export class OwnBackups {
  readonly #folder: string;
  #decisive: string | null = null;
  #whole: string | null = null;
  #takenAt: Millis = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Takes one, if there is something new that is worth it. A medium that does not take it, or has no room, is told by
   * the health anyway.
   */
  keep(parts: Parts): void {
    const { state } = parts;
    if (state.problem() || state.shadowed() || state.full()) return;
    try {
      this.#keep(parts);
    } catch {
      // The medium did not take it: for the next hour to make good.
    }
  }

  #keep(parts: Parts): void {
    const { state, clock, random, version } = parts;
    const payload = { ...takeBackup(parts, true), key: null };
    const [whole, decisive] = [digest(payload), digest(payload, DECISIVE)];
    if (this.#whole === null) this.#remember(state.key());
    if (whole === this.#whole) return;
    if (decisive === this.#decisive && clock.elapsed() - this.#takenAt < AT_MOST) return;
    const about = { takenAt: toRfc3339(clock.now()), program: version };
    const lock = { kind: 'board', key: state.key().subkey('backup') } as const;
    addOwnBackup(this.#folder, closeBackup(payload, about, lock, random));
    [this.#whole, this.#decisive, this.#takenAt] = [whole, decisive, clock.elapsed()];
  }

  #remember(key: MasterKey): void {
    const newest = newestGood(this.#folder, key);
    if (!newest) return;
    [this.#whole, this.#decisive] = [digest(newest.payload), digest(newest.payload, DECISIVE)];
  }
}

/**
 * The newest of them that opens, for a board whose database does not. What was spent since it was taken stays spent:
 * the rules of a restore. @param roster loaded, with its key
 */
export function newestOwnBackup(
  folder: string,
  key: MasterKey,
  roster: Roster,
  now: () => Instant,
): OwnBackup | null {
  const found = newestGood(folder, key);
  if (!found) return null;
  const known = roster.entries();
  const { takenAt } = found.header;
  let text = formatRoster(known, key.subkey('roster'));
  let lost: readonly string[] = [];
  return {
    saved: savedOf(found.payload),
    floor: instant(found.payload.floor),
    adjust(t: Tables) {
      const witness = roster.sound ? known : null;
      const names = known.map(({ name }) => name);
      ({ lost } = afterRestore(t, witness, names, now(), `own-backup-of=${takenAt}`));
      text = formatRoster(merged(known, t, true), key.subkey('roster'));
    },
    rosterText: () => text,
    note: () => `${JSON.stringify({ takenAt, lost })}\n`,
  };
}

function newestGood(folder: string, key: MasterKey): { header: Header; payload: Payload } | null {
  const lock = { kind: 'board', key: key.subkey('backup') } as const;
  for (const file of ownBackups(folder)) {
    try {
      return openBackup(file, lock);
    } catch {
      // Damaged as well, or of another key: the one before it may be good.
    }
  }
  return null;
}

/** Of all rows, or of some tables'. */
function digest({ schema, tables }: Payload, names = Object.keys(tables)): string {
  const text = JSON.stringify([schema, names.map((name) => tables[name] ?? [])]);
  return createHash('sha256').update(text).digest('hex');
}
