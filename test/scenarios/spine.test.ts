// Owns the proof that the way of a person through the second step works: enrol, log in, and be told why not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Bench, lacking, MINUTES } from './bench.ts';
import { says } from './client.ts';
import { Phone } from './phone.ts';

const skip = lacking();

test('the command line enrols, and the phone logs in: by the real clock', {
  skip: lacking('oathtool'),
}, async (t) => {
  const bench = await Bench.started(t, { realTime: true });
  let secret = '';
  const enrolled = await bench.cli(['user', 'enrol', 'alice', '--json'], (line) => {
    secret = JSON.parse(line).secret;
    return `${execFileSync('oathtool', ['--totp', '-b', secret], { encoding: 'utf8' })}`;
  });
  assert.equal(enrolled.code, 0, enrolled.err);
  const [, done = ''] = enrolled.out.trim().split('\n');
  const { outcome, recoveryCodes } = JSON.parse(done);
  assert.equal(outcome, 'enrolled');
  assert.equal(recoveryCodes.length, 10);

  // The code of the next step is within the window and was not spent by enrolling.
  const next = execFileSync('oathtool', ['--totp', '-b', '-N', 'now + 30 seconds', secret], {
    encoding: 'utf8',
  });
  const accepted = await bench.tries('alice', next.trim());
  says(accepted, 200, { outcome: 'accepted', user: 'alice' });
  assert.ok(accepted.body.deviceToken);
  says(await bench.tries('alice', next.trim()), 403, { outcome: 'refused', because: 'used-code' });
});

test('our phone and oathtool agree', { skip: lacking('oathtool') }, () => {
  const phone = new Phone('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
  for (const at of [0, 1_111_111_109_000, 1_795_000_000_000]) {
    const words = ['--totp', '-b', '-N', `@${at / 1000}`, phone.secret];
    assert.equal(phone.code(at), execFileSync('oathtool', words, { encoding: 'utf8' }).trim());
  }
});

test('a code opens the door once; the enrolling code not at all, and the person is told until when', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const before = bench.now;
  const phone = await bench.enrolled('alice');
  bench.setClock(before + 5_000);
  const early = await bench.tries('alice', phone.code(before));
  says(early, 403, { because: 'used-code', explanation: { code: 'just-enrolled', seconds: 15 } });

  bench.setClock(before + 30_000);
  const login = await bench.challenged('alice');
  const code = phone.code(bench.now);
  const answer = { login, user: 'alice', method: 'totp', code };
  says(await bench.login('answer', answer), 200, { outcome: 'accepted', user: 'alice' });
  says(await bench.login('answer', answer), 403, { because: 'used-code' });
  says(await bench.tries('alice', code), 403, { because: 'used-code' });
  assert.equal(
    (await bench.tries('alice', phone.code(before))).body.because,
    'used-code',
    'nor an earlier one',
  );
  bench.pass(30);
  const next = phone.code(bench.now);
  says(await bench.login('answer', { ...answer, code: next }), 403, { because: 'used-code' });
  says(await bench.tries('alice', next), 200);
});

test('a refused code is explained: wrong, of a slow phone, of a fast phone', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  bench.pass(10 * 60);

  const wrong = await bench.tries('alice', phone.wrong(bench.now));
  says(wrong, 403, { because: 'clock-unsure', form: 'single' });
  assert.equal(wrong.body.explanation?.code, 'board-clock', 'nobody confirms the time of this board');

  const slow = await bench.tries('alice', phone.code(bench.now - 4 * MINUTES));
  says(slow, 403, { because: 'wrong-code', explanation: { code: 'phone-slow', seconds: 240 } });
  assert.match(slow.body.explanation?.text ?? '', /4 minutes ago/);

  const chinese = await bench.tries('alice', phone.code(bench.now - 4 * MINUTES), { locale: 'zh-CN' });
  assert.match(chinese.body.explanation?.text ?? '', /4 分钟/);
});

test('a coming code that was told about is burnt: it opens nothing when its time comes', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const told = bench.now + 2 * MINUTES;
  const fast = await bench.tries('alice', phone.code(told));
  says(fast, 403, { because: 'wrong-code', explanation: { code: 'phone-fast', seconds: 120 } });

  await bench.restart();
  bench.setClock(told);
  says(await bench.tries('alice', phone.code(told)), 403, { because: 'used-code' });
  says(await bench.tries('alice', phone.code(told + 30_000)), 200);
});

test('a phone that is one step off gets in; one that is two off does not, until it has crept there', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  bench.pass(60 * 60);
  says(await bench.tries('alice', phone.code(bench.now - 60_000)), 403, { because: 'wrong-code' });
  says(await bench.tries('alice', phone.code(bench.now - 30_000)), 200);
  bench.pass(60 * 60);
  says(await bench.tries('alice', phone.code(bench.now - 60_000)), 200, { notice: 'phone-drifts' });
});

test('an answer that is not for this login gets nowhere', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  await bench.enrolled('bob');
  const login = await bench.challenged('alice');
  const code = alice.code(bench.now);
  says(await bench.login('answer', { login, user: 'bob', method: 'totp', code }), 404, {
    code: 'unknown-login',
  });
  const invented = 'A'.repeat(43);
  const unknown = await bench.login('answer', { login: invented, user: 'alice', method: 'totp', code });
  says(unknown, 404, { code: 'unknown-login' });
  await bench.restart();
  says(await bench.login('answer', { login, user: 'alice', method: 'totp', code }), 404, {
    code: 'unknown-login',
  });
  says(await bench.tries('alice', code), 200);
});
