// Owns the proof that a signed-in user rules his own two-factor on web.sock, and nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { call, says } from './client.ts';
import { Browser, OWN_PAGE } from './gateway.ts';
import { Phone } from './phone.ts';

const skip = lacking();
const ME = '/api/v1/me';

/** Begins and confirms the own enrolment. */
async function enrols(bench: Bench, browser: Browser): Promise<Phone> {
  const offer = await browser.asks(`POST ${ME}/enrolment`);
  says(offer, 201);
  const { secret = '', secretInGroups } = offer.body as { secret?: string; secretInGroups?: string };
  assert.equal(secretInGroups, (secret.match(/.{4}/g) ?? []).join(' '));
  const phone = new Phone(secret);
  const wrong = await browser.asks(`POST ${ME}/enrolment/confirm`, { code: phone.wrong(bench.now) });
  says(wrong, 409, { code: 'enrolment-refused' });
  const done = await browser.asks(`POST ${ME}/enrolment/confirm`, { code: phone.code(bench.now) });
  says(done, 201);
  assert.equal(done.body.recoveryCodes?.length, 10);
  bench.pass(30);
  return new Phone(secret, done.body.recoveryCodes);
}

test('a user enables it, shows a second step, replaces the phone, and disables it', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const bob = new Browser(bench, 'bob');
  says(await bob.asks(`GET ${ME}`), 200, { name: 'bob', state: 'not-enrolled', administrator: false });
  const first = await enrols(bench, bob);
  says(await bob.asks(`GET ${ME}`), 200, { state: 'enrolled', recoveryCodes: 10, ready: true });

  for (const weakening of [`POST ${ME}/enrolment`, `POST ${ME}/recovery-codes`, `DELETE ${ME}/enrolment`])
    says(await bob.asks(weakening), 403, { code: 'step-up-required' });
  await bob.stepsUp(first);
  says(await bob.asks(`POST ${ME}/recovery-codes`), 201);

  const offer = await bob.asks(`POST ${ME}/enrolment`);
  says(offer, 201);
  says(await bench.tries('bob', first.code(bench.now)), 200);
  bench.pass(30);
  const second = new Phone(offer.body.secret ?? '');
  says(await bob.asks(`POST ${ME}/enrolment/confirm`, { code: second.wrong(bench.now) }), 409);
  says(await bench.tries('bob', first.code(bench.now)), 200);
  says(await bob.asks(`POST ${ME}/enrolment/confirm`, { code: second.code(bench.now) }), 201);
  bench.pass(30);
  says(await bench.tries('bob', first.code(bench.now)), 403, { because: 'clock-unsure' });
  says(await bench.tries('bob', second.code(bench.now)), 200);

  says(await bob.asks(`DELETE ${ME}/enrolment`), 403, { code: 'step-up-required' });
  bench.pass(30);
  await bob.stepsUp(second);
  says(await bob.asks(`DELETE ${ME}/enrolment`), 204);
  says(await bench.begin('bob'), 200, { because: 'not-enrolled' });
  const activity = await bob.asks(`GET ${ME}/activity?limit=100`);
  const outcomes = (activity.body.rows ?? []).map(({ outcome }) => outcome);
  for (const change of ['enrolled', 'step-up', 'recovery-codes-renewed', 'phone-replaced', 'disabled'])
    assert.ok(outcomes.includes(change), `an audit row says ${change}`);
});

test('what is mandatory cannot be disabled, and a token is worth one user and one factor', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phones = { alice: await bench.enrolled('alice'), bob: await bench.enrolled('bob') };
  const [alice, bob] = [new Browser(bench, 'alice'), new Browser(bench, 'bob')];
  await bob.stepsUp(phones.bob);
  alice.stepUp = bob.stepUp;
  says(await alice.asks(`DELETE ${ME}/enrolment`), 403, { code: 'step-up-required' });
  const set = await bench.cli(['policy', 'set', '--scope', 'all', '--grace', '3', '--json']);
  assert.equal(set.code, 0, set.out + set.err);
  says(await bob.asks(`DELETE ${ME}/enrolment`), 409, { code: 'factor-mandatory' });
  says(await bench.event('bob', 'password-changed'), 202);
  says(await bob.asks(`POST ${ME}/recovery-codes`), 403, { code: 'step-up-required' });
  says(await bob.asks(`POST ${ME}/step-up`, { method: 'totp', code: '1234' }), 400, {
    code: 'malformed-code',
  });
  const used = await bob.asks(`POST ${ME}/step-up`, {
    method: 'totp',
    code: phones.bob.code(bench.now - 30_000),
  });
  says(used, 403, { because: 'used-code' });
  const recovery = { method: 'recovery-code', code: phones.bob.recoveryCodes[0] };
  says(await bob.asks(`POST ${ME}/step-up`, recovery), 201);
  says(await bob.asks(`POST ${ME}/step-up`, recovery), 403, { because: 'wrong-code' });
});

test('guesses at the second step are throttled as a login’s, and cost the same bucket', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('bob');
  const bob = new Browser(bench, 'bob');
  const guess = () => bob.asks(`POST ${ME}/step-up`, { method: 'totp', code: phone.wrong(bench.now) });
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) seen.push((await guess()).status);
  assert.deepEqual(seen, [403, 403, 403, 403, 429]);
  says(await bench.tries('bob', phone.code(bench.now)), 200, { outcome: 'accepted' });
  let form: string | undefined;
  for (let n = 0; n < 4 && form !== 'pair'; n++) {
    bench.pass(60);
    form = (await guess()).body.form;
  }
  assert.equal(form, 'pair');
  says(await bench.begin('bob'), 401, { form: 'pair' });
});

test('an enrolment that expired, or that somebody else overtook, cannot be confirmed', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const bob = new Browser(bench, 'bob');
  says(await bob.asks(`POST ${ME}/enrolment/confirm`, { code: '123456' }), 409, { code: 'no-enrolment' });
  const offer = await bob.asks(`POST ${ME}/enrolment`);
  const mine = new Phone(offer.body.secret ?? '');
  const roots = await bench.enrolled('bob');
  const late = await bob.asks(`POST ${ME}/enrolment/confirm`, { code: mine.code(bench.now) });
  says(late, 409, { code: 'no-enrolment' });
  says(await bench.tries('bob', roots.code(bench.now)), 200);

  // A login that has to enrol, begun before its user enrols in his settings.
  const set = await bench.cli(['policy', 'set', '--scope', 'all', '--grace', '0', '--force', '--json']);
  assert.equal(set.code, 0, set.out);
  const { login } = (await bench.begin('carol')).body;
  const offered = await bench.login('enrol', { login, user: 'carol' });
  const own = await enrols(bench, new Browser(bench, 'carol'));
  const thief = new Phone(offered.body.secret ?? '');
  const confirm = { login, user: 'carol', code: thief.code(bench.now) };
  says(await bench.login('enrol/confirm', confirm), 403, { because: 'login-changed' });
  says(await bench.tries('carol', own.code(bench.now)), 200);
});

test('nobody is served whom the gateway does not name exactly once', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const as = (name: readonly string[]) => {
    const headers = { ...OWN_PAGE, 'Remote-User': name } as unknown as Record<string, string>;
    return call({ socket: bench.file('run', 'web.sock'), method: 'GET', path: ME, headers });
  };
  says(await as(['bob']), 200, { name: 'bob' });
  says(await as(['alice', 'bob']), 403, { code: 'no-identity' });
  for (const name of ['', ' ', 'alice, bob', 'nobody-knows', '../bob', 'b:b', 'b\u00e9b'])
    says(await as([name]), 403, { code: 'no-identity' });
  const bare = await call({ socket: bench.file('run', 'web.sock'), method: 'GET', path: ME });
  says(bare, 403, { code: 'no-identity' });
});

test('a page of another site changes nothing', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const bob = new Browser(bench, 'bob');
  const form = 'application/x-www-form-urlencoded';
  const tried: readonly (readonly [string, Record<string, string | undefined>, number, string])[] = [
    ['another origin', { Origin: 'https://evil.example' }, 403, 'cross-site'],
    ['another port', { Origin: 'https://nas.local' }, 403, 'cross-site'],
    ['a name that begins like ours', { Origin: 'https://nas.local:5001.evil.example' }, 403, 'cross-site'],
    ['no origin at all', { Origin: 'null' }, 403, 'cross-site'],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }, 403, 'cross-site'],
    ['a neighbour', { 'Sec-Fetch-Site': 'same-site' }, 403, 'cross-site'],
    ['neither header', { Origin: undefined, 'Sec-Fetch-Site': undefined }, 403, 'cross-site'],
    ['a form of our own page', { 'Content-Type': form }, 415, 'unsupported-media-type'],
    ['a form of another page', { 'Content-Type': form, Origin: 'https://evil.example' }, 403, 'cross-site'],
    ['no type', { 'Content-Type': undefined }, 415, 'unsupported-media-type'],
  ];
  for (const [name, changed, status, code] of tried) {
    const headers: Record<string, string> = { 'Remote-User': 'bob' };
    for (const [key, value] of Object.entries({ ...OWN_PAGE, ...changed }))
      if (value !== undefined) headers[key] = value;
    const path = `${ME}/enrolment`;
    const reply = await call({ socket: bench.file('run', 'web.sock'), method: 'POST', path, headers });
    assert.deepEqual([reply.status, reply.body.code], [status, code], name);
  }
  says(await bob.asks(`POST ${ME}/enrolment/confirm`, { code: '123456' }), 409, { code: 'no-enrolment' });
  says(await bob.asks(`POST ${ME}/enrolment`, undefined, { Origin: 'https://nas.local:5001' }), 201);
  const evil = { Origin: 'https://evil.example', Host: 'nas.local' };
  const page = { login: 'A'.repeat(43), user: 'bob', method: 'totp', code: '123456' };
  const answered = await bob.asks('POST /api/v1/second-step/answer', page, evil);
  says(answered, 403, { code: 'cross-site' });
});

test('somebody else’s factor is out of reach, whatever the path', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const alice = await bench.enrolled('alice');
  const bob = new Browser(bench, 'bob');
  await bob.stepsUp(await bench.enrolled('bob'));
  for (const [operation, status] of [
    [`DELETE ${ME}/enrolment?user=alice`, 400],
    ['DELETE /api/v1/me/alice/enrolment', 404],
    ['DELETE /api/v1/users/alice/enrolment', 404],
    ['DELETE /api/v1/me/../alice/enrolment', 404],
    ['POST /api/v1/admin/users/alice/reset', 403],
    ['POST /v1/users/alice/reset', 404],
  ] as const)
    assert.equal((await bob.asks(operation, undefined)).status, status, operation);
  says(await bench.tries('alice', alice.code(bench.now)), 200);
});

test('of many at once one second step is granted, one new phone counts, and one switching off', {
  skip,
}, async (t) => {
  const bench = await Bench.started(t);
  const first = await bench.enrolled('alice');
  const alice = new Browser(bench, 'alice');
  const many = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 12 }, ask));
  const statuses = (replies: readonly { status: number }[], good: number) =>
    replies.filter(({ status }) => status === good).length;
  const code = first.code(bench.now);
  const steps = await many(() => alice.asks(`POST ${ME}/step-up`, { method: 'totp', code }));
  assert.equal(statuses(steps, 201), 1);
  assert.equal(statuses(await many(() => bench.tries('alice', code)), 200), 0, 'and it opens no login');
  bench.pass(60);
  await alice.stepsUp(first);
  const second = new Phone((await alice.asks(`POST ${ME}/enrolment`)).body.secret ?? '');
  const confirm = { code: second.code(bench.now) };
  assert.equal(statuses(await many(() => alice.asks(`POST ${ME}/enrolment/confirm`, confirm)), 201), 1);
  bench.pass(30);
  await alice.stepsUp(second);
  const own = { reason: 'tired of it' };
  says(await alice.asks('POST /api/v1/admin/users/alice/reset', own), 403, { code: 'root-only' });
  assert.equal(statuses(await many(() => alice.asks(`DELETE ${ME}/enrolment`)), 204), 1);
});
