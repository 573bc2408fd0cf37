// Owns the proof that an account does what the model says, whatever happens in whichever order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setPolicy } from '../../daemon/policy/set.ts';
import { ROOT } from '../../daemon/service/actor.ts';
import { Model } from './account.ts';
import { came, commands, counted, enrolFirst } from './commands.ts';
import { ModelBoard } from './parts.ts';

/** FYGO_RUNS asks for more. */
const RUNS = Number(process.env.FYGO_RUNS ?? 300);

test(`${RUNS} lives of an account agree with the model`, async (t) => {
  const board = await ModelBoard.create();
  t.after(() => board.close());
  await setPolicy(
    board.parts,
    { scope: 'all', graceDays: 0, users: [], groups: [], exceptUsers: [], exceptGroups: [], force: true },
    1,
    ROOT,
  );
  let users = 0;
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      board.begin();
      const user = `u${++users}`;
      const model = new Model();
      const real = { board, user };
      await enrolFirst(model, real);
      await fc.asyncModelRun(() => ({ model, real }), list);
    }),
    { numRuns: RUNS, seed: 20_261_124 },
  );
  const list = (map: ReadonlyMap<string, number>) =>
    [...map]
      .sort()
      .map(([what, n]) => `${what} ${n}`)
      .join(', ');
  const total = [...counted.values()].reduce((sum, count) => sum + count, 0);
  t.diagnostic(`commands run: ${total} (${list(counted)})`);
  t.diagnostic(`answers: ${list(came)}`);
  assert.ok(total > 10 * RUNS, `${total} commands are not many`);
});
