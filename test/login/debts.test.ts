// Owns the proof that a guess is paid for although the medium failed: it is owed, and the next commit writes it down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State } from '../../daemon/store/state.ts';
import type { Tables } from '../../daemon/store/tables.ts';
import { UNIT } from '../../daemon/verification/throttle.ts';
import { type AtHome, atHome, word } from './people.ts';

/** The state on a medium that fails at every commit: what was done is looked at and undone. */
function failing(home: AtHome): () => void {
  const { parts } = home.board;
  const state: State = Object.create(parts.state, {
    write: {
      value: (work: (tables: Tables) => unknown) =>
        parts.state.write((tables) => {
          work(tables);
          throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
        }),
    },
    read: { value: parts.state.read.bind(parts.state) },
    key: { value: parts.state.key.bind(parts.state) },
    problem: { value: parts.state.problem.bind(parts.state) },
  });
  home.board.parts = { ...parts, state };
  return () => {
    home.board.parts = parts;
  };
}

test('guesses whose commit fails are answered with the fault and owed', async (t) => {
  const home = await atHome(t);
  const { login } = await home.begins();
  const mend = failing(home);
  for (let i = 0; i < 3; i++) {
    await assert.rejects(home.answers(login, home.wrong()), { code: 'store-unavailable' });
  }
  mend();
  assert.equal(home.factor().strangersFailures, 0, 'nothing of them was written');
  assert.equal(word(await home.answers(login, home.wrong())), 'wrong-code');
  const { strangersFailures, bucket } = home.factor();
  assert.equal(strangersFailures, 4);
  assert.equal(bucket, (20 - 4 * 3) * UNIT);
});

test('what is owed counts before the next code is looked at', async (t) => {
  const home = await atHome(t);
  const { login } = await home.begins();
  const mend = failing(home);
  for (let i = 0; i < 7; i++) {
    await assert.rejects(home.answers(login, home.wrong()), { code: 'store-unavailable' });
  }
  mend();
  assert.equal(
    word(await home.answers(login, home.code())),
    'form-required',
    'nothing is left in the bucket',
  );
});

test('a right code whose commit fails lets nobody in, is not spent, and is owed like a wrong one', async (t) => {
  const home = await atHome(t);
  const { login } = await home.begins();
  const code = home.code();
  const mend = failing(home);
  await assert.rejects(home.answers(login, code), { code: 'store-unavailable' });
  mend();
  assert.equal(word(await home.answers(login, code)), 'admission');
  assert.equal(home.factor().bucket, (20 - 3) * UNIT);
});

test('a recovery code, right or wrong, settles no debt', async (t) => {
  const home = await atHome(t);
  const { login } = await home.begins();
  const mend = failing(home);
  await assert.rejects(home.answers(login, home.wrong()), { code: 'store-unavailable' });
  mend();
  assert.equal(word(await home.answers(login, 'ZZZZ-ZZZZ-ZZZZ-ZZZZ', 'recovery-code')), 'wrong-code');
  assert.equal(word(await home.answers(login, home.recoveryCodes[0] ?? '', 'recovery-code')), 'admission');
  assert.equal(word(await home.answers((await home.begins()).login, home.wrong())), 'wrong-code');
  assert.equal(home.factor().bucket, (20 - 2 * 3) * UNIT);
});
