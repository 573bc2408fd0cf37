// Owns the proof that an account does what the model says, whatever happens in whichever order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Model } from './account.ts';
import { came, commands, counted, enrolFirst, everybodys } from './commands.ts';
import { ModelBoard } from './parts.ts';

/** FYGO_RUNS asks for more, FYGO_SEED for others. */
const RUNS = Number(process.env.FYGO_RUNS ?? 60);
const SEED = Number(process.env.FYGO_SEED ?? 20_261_124);
/** A restore puts back everybody who has lived on a board. */
const LIVES_A_BOARD = 25;

test(`${RUNS} lives of an account agree with the model`, async (t) => {
  const board = await ModelBoard.create();
  t.after(() => board.close());
  await everybodys(board);
  let users = 0;
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      if (users > 0 && users % LIVES_A_BOARD === 0) {
        board.renew();
        await everybodys(board);
      }
      board.begin();
      const user = `u${++users}`;
      const model = new Model();
      const real = { board, user };
      await enrolFirst(model, real);
      await fc.asyncModelRun(() => ({ model, real }), list);
    }),
    { numRuns: RUNS, seed: SEED },
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
