// Owns a sample of the fault matrix: every operation killed or failed once, at a moment drawn from a seed. scripts/faults runs all of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from '../scenarios/bench.ts';
import { Mailbox } from '../scenarios/mailbox.ts';
import { CALLS, type Call, castOf, FAULTS, runCell } from './matrix.ts';
import { OPERATIONS } from './operations.ts';

/** A linear congruential generator (Numerical Recipes): the sample is the same everywhere. */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What an operation that only commits, and one that also writes the roster, is sure to make. */
const SURE: readonly Call[] = ['pwrite64', 'pwrite64', 'fdatasync', 'write', 'fsync', 'rename'];

test('whatever fails, and when: the old state or the new one, an answer only with its record, and a way in', {
  skip: lacking('strace'),
}, async (t) => {
  const bench = await Bench.started(t);
  const cast = await castOf(bench, await Mailbox.open(t));
  const draw = drawer(20_261_124);
  let met = 0;
  let cells = 0;
  for (const operation of Object.keys(OPERATIONS)) {
    const fault = draw(2) === 0 ? 'kill' : (FAULTS[draw(3)] ?? 'EIO');
    const call = SURE[draw(SURE.length)] ?? CALLS[0];
    const nth = 1 + draw(call === 'pwrite64' ? 4 : 1);
    const result = await runCell(cast, { operation, fault, call, nth });
    cells++;
    if (result.met) met++;
  }
  t.diagnostic(`${cells} cells, ${met} faults met`);
  assert.ok(met >= cells / 3, `only ${met} of ${cells} faults were met`);
});
