// Owns the proof of what a hundred failures of strangers do: TOTP closes to strangers, and to nobody else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountEvent } from '../../daemon/accounts/event.ts';
import { reset } from '../../daemon/enrolment/remove.ts';
import { ROOT } from '../../daemon/service/actor.ts';
import { ALICE, type AtHome, atHome, word } from './people.ts';

/** Guesses as a stranger until TOTP is closed to him: single codes, then a pair in each slot. */
async function besiege(home: AtHome): Promise<{ tries: number; minutes: number }> {
  const began = home.board.clock.elapsed();
  let tries = 0;
  while (tries <= 200) {
    const { login, form, methods, retryAfter } = await home.begins({ remoteAddress: '192.0.2.1' });
    if (!methods.includes('totp')) break;
    home.board.clock.pass(form === 'pair' ? 30_000 : retryAfter);
    const guess = form === 'pair' ? `${home.wrong()} ${home.wrong()}` : home.wrong();
    assert.equal(word(await home.answers(login, guess)), 'wrong-code');
    tries++;
  }
  return { tries, minutes: (home.board.clock.elapsed() - began) / 60_000 };
}

/** A browser that completed a login once. */
async function knownDevice(home: AtHome): Promise<string> {
  const outcome = await home.answers((await home.begins()).login, home.code());
  const document = outcome.kind === 'admission' ? outcome.admission.document : assert.fail(word(outcome));
  home.board.clock.pass(60_000);
  return document.outcome === 'accepted' ? document.deviceToken : assert.fail();
}

/** The code of the step before and of this one. */
const pair = (home: AtHome) => `${home.code(-1)} ${home.code()}`;

test('at a hundred failures in a row TOTP is closed to strangers, and a known device goes on', async (t) => {
  const home = await atHome(t);
  const deviceToken = await knownDevice(home);
  const { tries, minutes } = await besiege(home);
  t.diagnostic(`TOTP closed to strangers after ${tries} failures, ${minutes.toFixed(1)} minutes of guessing`);
  assert.equal(tries, 100);

  const stranger = await home.begins();
  assert.deepEqual(stranger.methods, ['recovery-code']);
  for (const text of [home.code(), pair(home)]) {
    assert.equal(word(await home.answers(stranger.login, text)), 'totp-suspended');
  }
  const known = await home.begins({ deviceToken });
  assert.deepEqual(known.methods, ['totp', 'recovery-code']);
  assert.equal(word(await home.answers(known.login, pair(home))), 'admission');
  assert.deepEqual(
    (await home.begins()).methods,
    ['recovery-code'],
    'his success opens nothing to strangers',
  );
});

test('a recovery code gets a stranger in, and TOTP stays closed', async (t) => {
  const home = await atHome(t);
  await besiege(home);
  const { login } = await home.begins();
  assert.equal(word(await home.answers(login, home.recoveryCodes[0] ?? '', 'recovery-code')), 'admission');
  assert.deepEqual((await home.begins()).methods, ['recovery-code']);
});

test('a new password opens it again, and so does root', async (t) => {
  const home = await atHome(t);
  await besiege(home);
  await accountEvent(home.board.parts, ALICE, 'password-changed');
  const { login, methods, form } = await home.begins();
  assert.deepEqual(
    { methods, form },
    { methods: ['totp', 'recovery-code'], form: 'pair' },
    'the bucket stays empty',
  );
  home.board.clock.pass(30_000);
  assert.equal(word(await home.answers(login, pair(home))), 'admission');

  await home.change({ strangersFailures: 100 });
  assert.deepEqual((await home.begins()).methods, ['recovery-code']);
  await reset(home.board.parts, ALICE, 'failures', 'the owner called', ROOT);
  const again = await home.begins();
  assert.equal(again.form, 'single');
  home.board.clock.pass(30_000);
  assert.equal(word(await home.answers(again.login, home.code())), 'admission');
});
