// Owns the proof of the other PAM services: a new password is reported, the account and credentials phases keep out of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, matchTranscript, missing } from './bench.ts';
import { accepted, challenge, problem } from './fake-daemon.ts';

const skip = missing();
let bench: Bench;

before(() => {
  if (!skip) bench = new Bench();
});
after(() => bench?.remove());

const EVENT = '/v1/account-event';
const PASSWORD = 'password required pam_permit.so\npassword required MODULE';

test('a changed password is reported once, after the change', { skip }, async (t) => {
  const daemon = await bench.daemon({ [EVENT]: { status: 202 } });
  t.after(() => daemon.close());
  const { output, complaints } = await bench.login({ lines: PASSWORD, driver: ['-o', 'chauthtok'] });
  assert.equal(output + complaints, 'result: 0 Success\n');
  assert.deepEqual(daemon.asked, [{ path: EVENT, body: { user: 'alice', event: 'password-changed' } }]);
});

test('a report that fails is said, and does not fail the change', { skip }, async (t) => {
  const plan = { lines: PASSWORD, driver: ['-o', 'chauthtok'] };
  const gone = await bench.login(plan);
  matchTranscript('password-changed-unreported', gone.output);
  assert.equal(gone.code, 0);
  const daemon = await bench.daemon({ [EVENT]: problem(503, 'store-unavailable') });
  t.after(() => daemon.close());
  assert.equal((await bench.login(plan)).output, gone.output);
  assert.equal((await bench.login({ ...plan, options: 'nullok' })).output, gone.output);
  assert.equal(daemon.asked.length, 1);
});

test('a change that a module before refuses is not reported', { skip }, async (t) => {
  const daemon = await bench.daemon({ [EVENT]: { status: 202 } });
  t.after(() => daemon.close());
  const lines = 'password requisite pam_deny.so\npassword required MODULE';
  await bench.login({ lines, driver: ['-o', 'chauthtok'] });
  assert.equal(daemon.asked.length, 0);
});

test('credentials succeed although the module is alone in the stack', { skip }, async (t) => {
  const daemon = await bench.daemon({ '/v1/login/begin': challenge(), '/v1/login/answer': accepted() });
  t.after(() => daemon.close());
  const { output } = await bench.login({ answers: ['123456'], driver: ['-o', 'setcred'] });
  assert.match(output, /^result: 0 /m);
});

test('the account phase has no opinion', { skip }, async () => {
  const alone = await bench.login({ driver: ['-o', 'acct_mgmt'] });
  assert.match(alone.output, /^result: 6 /m);
  const lines = 'account sufficient MODULE\naccount required pam_deny.so';
  const shortcut = await bench.login({ lines, driver: ['-o', 'acct_mgmt'] });
  assert.notEqual(shortcut.code, 0);
});
