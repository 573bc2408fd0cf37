// Owns the proof that one process can log in for ever: no leak, no shared state, no file left open.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Bench, missing } from './bench.ts';
import { accepted, challenge, type Script } from './fake-daemon.ts';

const skip = missing();
const withoutValgrind = missing('valgrind');
let bench: Bench;
let plain: Bench;

before(() => {
  if (skip) return;
  bench = new Bench();
  plain = new Bench(false);
});
after(() => {
  bench?.remove();
  plain?.remove();
});

const WRONG = { outcome: 'refused', because: 'wrong-code', form: 'single', retryAfter: 0 };

/** Users of even length are let in; the others are wrong once more. */
const script: Script = {
  '/v1/login/begin': challenge({ securityEmail: 'a•••@example.com' }),
  '/v1/login/emergency-mail': { status: 202, body: { sentTo: 'a', state: 'sent', validFor: 600 } },
  '/v1/login/answer': ({ body }) => (body.code === '123456' ? accepted() : { status: 403, body: WRONG }),
};

const answers = ['mail', '654321', '123456'];

test('10,000 logins in one process leak nothing (AddressSanitizer, LeakSanitizer, UBSan)', {
  skip,
}, async (t) => {
  const daemon = await bench.daemon(script);
  t.after(() => daemon.close());
  const { output, complaints } = await bench.login({ answers, driver: ['-n', '10000'] });
  assert.equal(complaints, '');
  assert.match(output, /^logins: 10000, different results: 0, result: 0$/m);
  assert.doesNotMatch(output, /leaked/);
  assert.equal(daemon.asked.length, 40_000);
});

test('sixteen threads log in at once without touching one another', { skip }, async (t) => {
  const daemon = await bench.daemon(script);
  t.after(() => daemon.close());
  const { output, complaints } = await bench.login({ answers, driver: ['-t', '16', '-n', '25'] });
  assert.equal(complaints, '');
  assert.match(output, /^logins: 400, different results: 0, result: 0$/m);
});

test('valgrind finds no leak and no error in the module as it ships', {
  skip: withoutValgrind,
}, async (t) => {
  const daemon = await plain.daemon(script);
  t.after(() => daemon.close());
  const valgrind = ['valgrind', '-q', '--leak-check=full', '--show-leak-kinds=definite,indirect,possible'];
  const wrapper = [...valgrind, '--errors-for-leak-kinds=definite,indirect,possible', '--error-exitcode=99'];
  // A loaded machine must not turn the slow start of valgrind into a time-out.
  const plan = { answers, options: 'timeout=60', driver: ['-n', '25'] };
  const { code, output, complaints } = await plain.login(plan, wrapper);
  assert.equal(code, 0, complaints);
  assert.match(output, /^logins: 25, different results: 0, result: 0$/m);
});
