// Owns a process that makes a board in the folder it is given, for tests that end it half-way.

import { Roster } from '../../daemon/accounts/roster.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { placesOf } from '../../daemon/places.ts';
import { State } from '../../daemon/store/state.ts';
import { NOW } from './board.ts';

const places = placesOf(process.argv[2] ?? '');
const state = new State({
  database: places.database,
  key: places.key,
  marker: places.marker,
  shadow: places.shadow,
  roster: new Roster(places.roster),
  auditRows: 1_000,
  floor: NOW,
  random: systemRandom,
  elapsed: () => 0,
  mayCreate: true,
  mounted: () => true,
  reconcile: () => {},
  distrust: () => {},
});
const problem = state.problem();
process.stdout.write(problem === null ? 'made\n' : `${problem.code}\n`);
