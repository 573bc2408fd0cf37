// Owns the proof that three codes in a row are found wherever the phone may be, and nothing else is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../daemon/kernel/secret.ts';
import { locate, REACH, SLICE } from '../../daemon/verification/locate.ts';
import { SECRET } from '../vectors/rfc4226.ts';
import { codeOf } from '../vectors/truth.ts';
import { TWIN_STEP } from '../vectors/twins.ts';
import { NOW } from './arbitrary.ts';

const KEY = Buffer.from(SECRET, 'hex');
const PHONE = new Secret(KEY);
const three = (first: number) => [0, 1, 2].map((i) => codeOf(KEY, first + i));

/** Searches from `NOW`, counting the breaths taken. */
async function search(codes: readonly string[]): Promise<{ found: number | null; breaths: number }> {
  let breaths = 0;
  const found = await locate(codes, PHONE, NOW, async () => {
    breaths++;
  });
  return { found, breaths };
}

test('three codes are found where they begin, and others come to their turn in between', async () => {
  for (const first of [0, 1, SLICE - 2, SLICE - 1, SLICE, 7 * SLICE + 500]) {
    const { found, breaths } = await search(three(NOW + first));
    assert.equal(found, NOW + first + 2, `from step ${first} on`);
    assert.equal(breaths, Math.floor((first + 2) / SLICE));
  }
});

test('90 days ahead is as far as it looks', async () => {
  assert.equal(REACH * 30, 90 * 24 * 60 * 60);
  const { found, breaths } = await search(three(NOW + REACH - 2));
  assert.equal(found, null, 'the last code lies beyond');
  assert.equal(breaths, Math.ceil(REACH / SLICE));
});

test('codes from before, with a gap, or out of order are not found near where they are', async () => {
  const [a, b, c] = three(NOW + 300) as [string, string, string];
  const later = codeOf(KEY, NOW + 303);
  const near = async (codes: readonly string[]) => {
    let slices = 0;
    const stop = new Error('far enough');
    return locate(codes, PHONE, NOW, async () => {
      if (++slices === 3) throw stop;
    }).catch((error: unknown) => (error === stop ? null : assert.fail(String(error))));
  };
  assert.equal(await near([a, b, c]), NOW + 302);
  for (const codes of [[a, b, later], [b, a, c], [c, b, a], [a, a, b], three(NOW - 1), three(NOW - 3)]) {
    assert.equal(await near(codes), null, codes.join(' '));
  }
});

test('a false start within the codes does not hide them', async () => {
  // Two neighbours show the first code: the search has to begin again at the second of them.
  const codes = [TWIN_STEP + 1, TWIN_STEP + 2, TWIN_STEP + 3].map((step) => codeOf(KEY, step));
  assert.equal(codes[0], codeOf(KEY, TWIN_STEP));
  assert.equal(await locate(codes, PHONE, TWIN_STEP - 20, async () => {}), TWIN_STEP + 3);
  const both = [TWIN_STEP, TWIN_STEP + 1, TWIN_STEP + 2].map((step) => codeOf(KEY, step));
  assert.equal(await locate(both, PHONE, TWIN_STEP - 20, async () => {}), TWIN_STEP + 2);
});
