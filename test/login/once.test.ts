// Owns the proof that a code opens one door, however many try it at once and at whichever logins.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atHome, word } from './people.ts';

function tally(words: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(words, (one) => one)].map(([one, list]) => [one, list.length]));
}

test('fifty parallel answers with one code at one login: one is let in', async (t) => {
  const home = await atHome(t);
  const { login } = await home.begins();
  const code = home.code();
  const words = (await Promise.all(Array.from({ length: 50 }, () => home.answers(login, code)))).map(word);
  assert.deepEqual(tally(words), { admission: 1, 'used-code': 49 });
});

test('fifty parallel answers with one code at fifty logins: one is let in', async (t) => {
  const home = await atHome(t);
  const logins = await Promise.all(Array.from({ length: 50 }, () => home.begins()));
  const code = home.code();
  const words = (await Promise.all(logins.map(({ login }) => home.answers(login, code)))).map(word);
  const { admission, ...others } = tally(words);
  assert.equal(admission, 1);
  assert.deepEqual(others, { 'used-code': 4, wait: 45 }, 'what is spent costs waits');
});

test('fifty parallel answers with one recovery code: one is let in', async (t) => {
  const home = await atHome(t);
  const logins = await Promise.all(Array.from({ length: 50 }, () => home.begins()));
  const [code = ''] = home.recoveryCodes;
  const outcomes = await Promise.all(logins.map(({ login }) => home.answers(login, code, 'recovery-code')));
  assert.deepEqual(tally(outcomes.map(word)), { admission: 1, 'wrong-code': 49 });
});

test('fifty parallel guesses are paid for one by one: the bucket does not lend to a crowd', async (t) => {
  const home = await atHome(t);
  const logins = await Promise.all(Array.from({ length: 50 }, () => home.begins()));
  const wrong = home.wrong();
  const words = (await Promise.all(logins.map(({ login }) => home.answers(login, wrong)))).map(word);
  assert.deepEqual(tally(words), { 'wrong-code': 4, wait: 46 });
  assert.equal(home.factor().strangersFailures, 4);
});

test('a restart forgets logins and no spent code', async (t) => {
  const home = await atHome(t);
  const code = home.code();
  const { login } = await home.begins();
  assert.equal(word(await home.answers(login, code)), 'admission');
  home.board.restart();
  await assert.rejects(home.answers(login, code), { code: 'unknown-login' });
  assert.equal(word(await home.answers((await home.begins()).login, code)), 'used-code');
});
