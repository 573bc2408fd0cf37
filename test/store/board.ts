// Owns a board to test with: a temporary folder, an elapsed time that the test moves, and the state in it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { distrust, reconcile } from '../../daemon/accounts/reconcile.ts';
import { Roster } from '../../daemon/accounts/roster.ts';
import { type Instant, instant } from '../../daemon/kernel/instant.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { type Places, placesOf } from '../../daemon/places.ts';
import { openDatabase } from '../../daemon/store/database.ts';
import type { Factor } from '../../daemon/store/factors.ts';
import { MasterKey } from '../../daemon/store/key.ts';
import type { Sealing } from '../../daemon/store/seal.ts';
import { State, type StateOptions } from '../../daemon/store/state.ts';
import { type Tables, tablesOf } from '../../daemon/store/tables.ts';
import { throttleColumns } from '../../daemon/verification/stored.ts';
import { fresh } from '../../daemon/verification/throttle.ts';

/** The moment at which these tests happen. */
export const NOW: Instant = instant(Date.UTC(2026, 10, 24, 8));

/** What tables without a State around them seal with. */
export const SEALING: Sealing = { key: new MasterKey(new Secret(Buffer.alloc(32, 1))), random: systemRandom };

export interface Board {
  readonly folder: string;
  readonly places: Places;
  /** What `elapsed` says; the test moves it. */
  readonly time: { elapsed: number };
  /** Opens the state as a start of the daemon does; it is closed after the test at the latest. */
  open(changed?: Partial<StateOptions>): State;
  /** What it is opened with. */
  options(changed?: Partial<StateOptions>): StateOptions;
}

/** A folder of its own, gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function makeBoard(t: TestContext): Board {
  const folder = temporaryFolder(t);
  const places = placesOf(folder);
  const time = { elapsed: 0 };
  const options = (changed: Partial<StateOptions> = {}): StateOptions => ({
    database: places.database,
    key: places.key,
    marker: places.marker,
    shadow: places.shadow,
    roster: new Roster(places.roster),
    auditRows: 1_000,
    floor: NOW,
    random: systemRandom,
    elapsed: () => time.elapsed,
    mayCreate: true,
    mounted: () => true,
    reconcile: (tables, roster) => reconcile(tables, roster, NOW),
    distrust: (tables) => distrust(tables, NOW, 'test'),
    ...changed,
  });
  const open = (changed: Partial<StateOptions> = {}) => {
    const state = new State(options(changed));
    t.after(() => state.close());
    return state;
  };
  return { folder, places, time, open, options };
}

/** A database with every table, in a file, and without a State around it. */
export function makeTables(
  t: TestContext,
  auditRows = 1_000,
): { db: DatabaseSync; tables: Tables; path: string } {
  const path = join(temporaryFolder(t), 'state.db');
  const db = openDatabase(path, true);
  t.after(() => {
    if (db.isOpen) db.close();
  });
  return { db, tables: tablesOf(db, auditRows, SEALING), path };
}

/** A factor's row; the seed in it is not sealed, which the store never looks at. */
export function factorOf(user: number, changed: Partial<Factor> = {}): Factor {
  return {
    user,
    secret: Buffer.alloc(57, 7),
    enrolledAt: NOW,
    enrolledStep: 100,
    lastStep: 100,
    earliestStep: 0,
    pairFirst: 0,
    drift: 0,
    lastLogin: null,
    ...throttleColumns(fresh(NOW)),
    ...changed,
  };
}

/** Gives a user a row and a factor and writes him into the roster, as enrolling does. */
export async function enrolled(state: State, name: string, uid: number): Promise<number> {
  const user = await state.write((t) => {
    const added = t.users.add(name, uid);
    t.factors.add(factorOf(added.id));
    return t.users.save({ ...added, generation: 2, counter: 1 });
  });
  state.roster.record(user);
  return user.id;
}

/** A board with alice enrolled, closed again. */
export async function withAlice(t: TestContext): Promise<Board> {
  const board = makeBoard(t);
  const state = board.open();
  await enrolled(state, 'alice', 1000);
  state.close();
  return board;
}
