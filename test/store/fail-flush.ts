// Owns a process that writes to a board while its second flush fails, and says what it was told.

import { Roster } from '../../daemon/accounts/roster.ts';
import { Fault } from '../../daemon/kernel/fault.ts';
import { systemRandom } from '../../daemon/kernel/random.ts';
import { placesOf } from '../../daemon/places.ts';
import { State } from '../../daemon/store/state.ts';
import { factorOf, NOW } from './board.ts';

const places = placesOf(process.argv[2] ?? '');
let elapsed = 0;
const state = new State({
  database: places.database,
  key: places.key,
  marker: places.marker,
  shadow: places.shadow,
  roster: new Roster(places.roster),
  auditRows: 1_000,
  floor: NOW,
  random: systemRandom,
  elapsed: () => elapsed,
  mayCreate: true,
  mounted: () => true,
  reconcile: () => {},
  distrust: () => {},
});

const told = async (use: () => unknown): Promise<string> => {
  try {
    await use();
    return 'done';
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
};
const add = (name: string, uid: number) =>
  told(() =>
    state.write((t) => {
      t.factors.add(factorOf(t.users.add(name, uid).id));
    }),
  );

const first = await add('alice', 1);
const second = await add('bob', 2);
const read = await told(() => state.read((t) => t.users.count()));
const write = await add('dave', 4);
const writable = state.writable();
elapsed += 1_000;
const later = await add('carol', 3);
const names = state.read((t) => t.users.all().map(({ name }) => name));
const bob = state.read((t) => t.users.byName('bob'));
const factor = bob && state.read((t) => t.factors.of(bob.id));
const said = {
  first,
  second,
  'a read at once': read,
  'a write at once': write,
  'writable at once': writable,
  'a write a second later': later,
  'who is known': names.filter((name) => name !== 'bob'),
  'what was refused, if it is there': bob && !factor ? 'half' : 'whole',
};
state.close();
process.stdout.write(JSON.stringify(said));
